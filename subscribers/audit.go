package subscribers

import (
	"context"
	"database/sql"
)

// audit records what an admin did.
func audit(ctx context.Context, tx *sql.Tx, user int64, action, detail string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO audit (at, user_id, action, detail) VALUES (?, ?, ?, ?)", now(), user, action, detail)
	return err
}
