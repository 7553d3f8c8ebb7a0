package telegramsim

import "maps"

// Stats counts what happened since the simulator was made.
type Stats struct {
	Calls    map[string]int // per method, lower case, refused ones included
	Sent     int            // messages the bot posted
	Edited   int            // edits that changed something
	Deleted  int
	Refused  map[int]int     // refusals per error code, faults not included
	Refusals map[Refusal]int // and per text
	Faults   map[Kind]int    // faults that struck, slowness not included
	// Early counts messages that came before the end of a wait that Telegram had ordered. A
	// bot with requests under way at the time has some; a bot that ignores the order, many.
	Early int
	// StarTenths is what paid broadcasting cost, in tenths of a Star.
	StarTenths int
	// Unchanged counts the commands and profile texts that were set to what they already were.
	// Telegram makes a bot wait that does so again and again.
	Unchanged int
	// Wrong counts each fault of requests that are not as the Bot API describes them, see
	// Options.Report.
	Wrong map[string]int
	// Updates that were made, and those delivered and confirmed.
	Updates, Confirmed int
}

func newStats() Stats {
	return Stats{Calls: map[string]int{}, Refused: map[int]int{}, Refusals: map[Refusal]int{}, Faults: map[Kind]int{}, Wrong: map[string]int{}}
}

// Stats returns the counts so far.
func (s *Sim) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.state.stats
	out.Calls = maps.Clone(out.Calls)
	out.Refused = maps.Clone(out.Refused)
	out.Refusals = maps.Clone(out.Refusals)
	out.Faults = maps.Clone(out.Faults)
	out.Wrong = maps.Clone(out.Wrong)
	return out
}

func (st *Stats) refused(code int, err error) {
	st.Refused[code]++
	st.Refusals[Refusal(err.Error())]++
}
