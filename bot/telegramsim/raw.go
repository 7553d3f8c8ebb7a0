package telegramsim

import "encoding/json"

// Push sends the bot an update whose content, in JSON, the simulator does not make
// by itself. What it speaks of need not be there.
func (s *Sim) Push(kind, content string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sendUpdateLocked(kind, json.RawMessage(content))
}
