package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"digestbot/bot"
	"digestbot/bot/delivery"
	"digestbot/bot/sender"
	"digestbot/subscribers"
	"digestbot/subscribers/database"
)

// readTimeout is how long the database may take.
const readTimeout = 3 * time.Second

// collector collects the program's own figures.
type collector struct {
	config Config
	ledger ledger
}

func newCollector(config Config) *collector {
	return &collector{config: config, ledger: ledger{config: config}}
}

// Describe is of [prometheus.Collector].
func (c *collector) Describe(to chan<- *prometheus.Desc) {
	for _, m := range all {
		to <- m.Desc
	}
}

// Collect is of [prometheus.Collector].
func (c *collector) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
	defer cancel()
	now := time.Now()
	b := c.config.Build
	buildInfo.put(to, 1, b.Version, b.Commit, b.Go, b.SQLite, b.BotAPI)
	vitals := c.config.Bot.Vitals()
	putSending(to, vitals.Sending)
	putUpdates(to, vitals)
	begin.put(to, unix(vitals.Began))
	healthy.put(to, truth(len(c.config.Bot.Problems(ctx)) == 0))
	c.putFiles(to)
	if c.config.LastRound != nil {
		lastRound.put(to, unix(c.config.LastRound()))
	}
	if c.config.Pinger != nil {
		counts := c.config.Pinger.Counts()
		pingFails.put(to, float64(counts.Failures))
		pingTaken.put(to, unix(counts.Taken))
	}
	nextRun.put(to, unix(c.config.Schedule.Next(now)))
	figures, err := c.ledger.read(ctx, now)
	readable.put(to, truth(err == nil))
	if err != nil {
		c.config.Log.Warn("the database does not answer a scrape", "err", err)
		return
	}
	figures.put(to)
	c.putRuns(to, figures, now)
	c.putBroadcast(ctx, to, figures)
}

func putSending(to chan<- prometheus.Metric, s sender.Counts) {
	for _, lane := range s.Lanes {
		for kind, n := range lane.Kinds {
			messages.put(to, float64(n), lane.Name, word(string(kind)))
		}
		queued.put(to, float64(lane.Queued), lane.Name)
		putHistogram(to, messageTime, lane.Took, lane.Name)
		putHistogram(to, messageWait, lane.Waited, lane.Name)
	}
	for scope, n := range map[string]sender.FloodCounts{"chat": s.ChatWait, "bot": s.BotWait} {
		floods.put(to, float64(n.Number), scope)
		floodSeconds.put(to, n.Wait.Seconds(), scope)
	}
	inFlight.put(to, float64(s.UnderWay))
	held.put(to, s.Held.Seconds())
	rate.put(to, s.Rate)
	rateLimit.put(to, s.Full)
	outage.put(to, truth(s.Outage))
}

func putHistogram(to chan<- prometheus.Metric, m metric, h sender.Histogram, labels ...string) {
	buckets := make(map[float64]uint64, len(sender.Bounds))
	for i, bound := range sender.Bounds {
		buckets[bound.Seconds()] = h.Counts[i]
	}
	to <- prometheus.MustNewConstHistogram(m.Desc, h.Count, h.Sum.Seconds(), buckets, labels...)
}

func putUpdates(to chan<- prometheus.Metric, v bot.Vitals) {
	for kind, n := range v.Updates {
		updates.put(to, float64(n), kind)
	}
	for kind, n := range v.Troubles {
		troubles.put(to, float64(n), word(kind))
	}
	activeChats.put(to, float64(v.Chats))
	lastUpdate.put(to, unix(v.LastUpdate))
	lastFetch.put(to, unix(v.LastFetch))
	lastAnswer.put(to, unix(v.LastAnswer))
	if !v.LastAnswer.IsZero() {
		clockOffset.put(to, v.ClockOffset.Seconds())
	}
	if v.Webhook {
		hookPending.put(to, float64(v.Waiting))
		hookLastFailed.put(to, unix(v.NoWebhook))
	}
}

func (c *collector) putFiles(to chan<- prometheus.Metric) {
	for name, size := range c.config.Store.Sizes() {
		fileSize.put(to, float64(size), name)
	}
	if free, size := database.Space(c.config.Store.Files()[0]); size > 0 {
		diskFree.put(to, float64(free))
		diskSize.put(to, float64(size))
	}
}

// putRuns reports how the schedule's last run went. A run that is due is the last also if
// nothing is on record of it: that is when somebody has to hear of it.
func (c *collector) putRuns(to chan<- prometheus.Metric, f *figures, now time.Time) {
	due := newestDue(c.config.Schedule, f.recorded.Due, now)
	if due.Equal(f.recorded.Due) && f.recorded.Outcome == "" { // the creation of the database
		due = time.Time{}
	}
	for _, outcome := range subscribers.RunOutcomes {
		runOutcome.put(to, truth(f.recorded.Outcome == outcome && due.Equal(f.recorded.Due)), string(outcome))
	}
	lastRun.put(to, unix(due))
	lastGoodRun.put(to, unix(f.goodRun))
}

// putBroadcast reports how the last broadcast stands.
func (c *collector) putBroadcast(ctx context.Context, to chan<- prometheus.Metric, f *figures) {
	s, ok, err := c.config.Bot.Standing(ctx)
	if err != nil {
		c.config.Log.Warn("the books of the last broadcast cannot be read", "err", err)
	}
	if !ok || err != nil {
		return
	}
	for _, state := range delivery.ReaderStates {
		readers.put(to, float64(s.Readers[state]), string(state))
	}
	for _, outcome := range subscribers.Outcomes {
		outcomes.put(to, float64(s.Messages[outcome]), string(outcome))
	}
	expected.put(to, float64(s.Broadcast.Subscribers*s.Broadcast.Messages))
	b := s.Broadcast
	if now, err := c.config.Store.Broadcast(ctx, b.ID); err == nil { // it may have been paused since
		b = now
	}
	for _, state := range subscribers.BroadcastStates {
		broadcastIs.put(to, truth(b.State == state), string(state))
	}
	started.put(to, unix(b.CreatedAt))
	finished.put(to, unix(b.FinishedAt))
}
