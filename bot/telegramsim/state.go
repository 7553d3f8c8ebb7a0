package telegramsim

import "digestbot/bot/telegramsim/speed"

// state is everything the simulated Telegram knows. Sim.mu guards it: it is held while a
// method runs.
type state struct {
	opts          *Options
	waiters       chan struct{} // closed at the next change; nil while nobody waits
	revision      int64         // grows with every change
	bot           User
	chats         map[int64]*chat
	order         []*chat // in the order they came to be
	people        map[int64]*Person
	nextUser      int64
	nextGroup     int64
	nextID        int // of messages in private chats and basic groups, which share a count
	nextFile      int
	nextEphemeral int
	files         map[string]*file
	queries       map[string]*Query
	pressed       map[string]*Query // answered ones as well
	inline        map[string]*InlineQuery
	nextAlbum     int
	nextQuery     int64
	updates       updates
	hook          webhook
	profile       profile
	limits        speed.Limiter
	faults        faults
	stats         Stats
}

// firstUser is as long as an id of Telegram's. A shorter one may by chance be another number
// that a test looks at.
const firstUser = 700_000_000

func newState(opts *Options) state {
	return state{
		opts: opts,
		bot: User{
			ID: botID(opts.Token), IsBot: true, FirstName: opts.Name, Username: opts.Username,
			CanJoinGroups: true, CanReadAllGroupMessages: opts.ReadsGroups, SupportsInlineQueries: true,
		},
		chats:     map[int64]*chat{},
		people:    map[int64]*Person{},
		nextUser:  firstUser,
		nextGroup: 5000,
		files:     map[string]*file{},
		queries:   map[string]*Query{},
		pressed:   map[string]*Query{},
		inline:    map[string]*InlineQuery{},
		stats:     newStats(),
		updates:   newUpdates(),
		profile:   newProfile(),
		limits:    speed.NewLimiter(opts.Limits),
		faults:    newFaults(opts.Seed),
	}
}

// change returns a channel that is closed when something changes.
func (st *state) change() <-chan struct{} {
	if st.waiters == nil {
		st.waiters = make(chan struct{})
	}
	return st.waiters
}

// changed wakes all that wait for a change.
func (st *state) changed() {
	st.revision++
	if st.waiters != nil {
		close(st.waiters)
		st.waiters = nil
	}
}
