package telegramsim

import "encoding/json"

// Push sends the bot an update that the simulator does not make by itself. The content is
// JSON. The chats and messages in it need not exist.
func (s *Sim) Push(kind, content string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.sendUpdate(kind, json.RawMessage(content))
}
