package bot

// AdminPress is what a test must know of a button that only admins of the bot may press.
type AdminPress struct {
	Numbers int // how many it carries
	Owners  bool
}

// AdminPresses returns the buttons that only admins may press, by the action in their data.
func (b *Bot) AdminPresses() map[string]AdminPress {
	all := make(map[string]AdminPress)
	for action, p := range b.presses {
		if p.by == botEditors || p.by == botOwners {
			all[string(action)] = AdminPress{p.numbers, p.by == botOwners}
		}
	}
	return all
}
