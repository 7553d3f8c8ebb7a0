package subscribers

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"digestbot/subscribers/database"
)

// ErrInvitation says that an invitation was used, taken back, or is too old, or never was one.
var ErrInvitation = errors.New("the invitation does not hold any more")

// invitationLife is how long an invitation can be used.
const invitationLife = 24 * time.Hour

// MakeInvitation returns a token of letters and digits. The first who brings it becomes an
// editor, see UseInvitation.
func (s *Store) MakeInvitation(ctx context.Context, by Actor) (token string, until time.Time, err error) {
	token = rand.Text()
	hash := sha256.Sum256([]byte(token))
	until = time.Now().Add(invitationLife).Truncate(time.Second)
	err = s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM invitations WHERE expires_at <= ?", now()); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO invitations (token_hash, made_by, expires_at) VALUES (?, ?, ?)", hash[:], by.User, until.Unix())
		if err != nil {
			return err
		}
		return Audit(ctx, tx, AuditEntry{By: by, Deed: DeedInvite})
	})
	if err != nil {
		return "", time.Time{}, fmt.Errorf("make an invitation: %w", err)
	}
	return token, until, nil
}

// UseInvitation makes the person who brings a token an editor, and uses the token up. For
// an editor it changes nothing, and the token stays good. The error wraps ErrInvitation if
// the token is not good, or holds does not say that of the owner who made it.
func (s *Store) UseInvitation(ctx context.Context, token string, by Actor, holds func(owner int64) bool) (changed bool, err error) {
	hash := sha256.Sum256([]byte(token))
	named := AuditEntry{By: by, Deed: DeedAccept, On: Subject{Person: by.User}}
	changed, err = s.changeEditor(ctx, named, func(tx *sql.Tx) (bool, error) {
		var owner int64
		err := tx.QueryRowContext(ctx, "SELECT made_by FROM invitations WHERE token_hash = ? AND expires_at > ?", hash[:], now()).Scan(&owner)
		if errors.Is(err, sql.ErrNoRows) || err == nil && !holds(owner) {
			return false, ErrInvitation
		}
		if err != nil {
			return false, err
		}
		changed, err := nameEditor(ctx, tx, by.User, owner)
		if err != nil || !changed {
			return false, err
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM invitations WHERE token_hash = ?", hash[:])
		return err == nil, err
	})
	return changed, err
}

// CountInvitations returns how many invitations can be used.
func (s *Store) CountInvitations(ctx context.Context) (n int, err error) {
	if err := s.reads.QueryRowContext(ctx, "SELECT count(*) FROM invitations WHERE expires_at > ?", now()).Scan(&n); err != nil {
		return 0, fmt.Errorf("count invitations: %w", err)
	}
	return n, nil
}

// DropInvitations takes all invitations back, and returns how many could have been used.
func (s *Store) DropInvitations(ctx context.Context, by Actor) (n int, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		n, err = database.RowsChanged(tx.ExecContext(ctx, "DELETE FROM invitations WHERE expires_at > ?", now()))
		if err != nil || n == 0 {
			return err
		}
		return Audit(ctx, tx, AuditEntry{By: by, Deed: DeedUninvite, Facts: Facts{Count: n}})
	})
	if err != nil {
		return 0, fmt.Errorf("take invitations back: %w", err)
	}
	return n, nil
}
