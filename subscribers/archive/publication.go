package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"digestbot/subscribers/database"
)

// Publication is what Telegram calls the bot.
type Publication struct {
	Name     string
	Username string // without @
}

// Publication returns what Telegram called the bot last, also before this program has asked;
// zero: it was never asked.
func (a *Archive) Publication() Publication { return *a.publication.Load() }

// SetPublication keeps what Telegram calls the bot. Messages of issues without a title have
// its name in their headings from now on.
func (a *Archive) SetPublication(ctx context.Context, name, username string) error {
	a.SetName(name)
	p := Publication{Name: name, Username: username}
	if p == a.Publication() {
		return nil
	}
	_, err := database.Exec(ctx, a.db.Write, "INSERT OR REPLACE INTO publication (only, name, username) VALUES (1, ?, ?)", p.Name, p.Username)
	if err != nil {
		return fmt.Errorf("keep the name of the bot: %w", err)
	}
	a.publication.Store(&p)
	return nil
}

// readPublication reads what SetPublication has kept.
func (a *Archive) readPublication(ctx context.Context) error {
	var p Publication
	err := a.reads.QueryRowContext(ctx, "SELECT name, username FROM publication").Scan(&p.Name, &p.Username)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read the name of the bot: %w", err)
	}
	a.publication.Store(&p)
	return nil
}
