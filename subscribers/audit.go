package subscribers

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"digestbot/subscribers/database"
)

// Actor is who does something that is kept in the audit, and where.
type Actor struct {
	User int64 // Telegram user id, CommandLine or Program
	Chat int64 // where it was asked for; 0: not in a chat
}

// Users that are no person.
const (
	CommandLine int64 = 0
	Program     int64 = -1
)

// InPrivate returns a person who acts in the private chat with the bot, which has the
// person's id.
func InPrivate(user int64) Actor { return Actor{User: user, Chat: user} }

// Deed is what an actor did.
type Deed string

// The deeds.
const (
	DeedBroadcast Deed = "broadcast" // of Count subscribers
	DeedCanary    Deed = "canary"    // of Count subscribers
	DeedTrial     Deed = "trial"     // an issue sent to the actor alone
	DeedPause     Deed = "pause"     // by Program for Reason
	DeedResume    Deed = "resume"
	DeedCancel    Deed = "cancel"
	DeedRetry     Deed = "retry" // of Count deliveries
	DeedApprove   Deed = "approve"
	DeedAdd       Deed = "add"     // of an issue from a draft
	DeedReplace   Deed = "replace" // of an issue by a draft
	DeedDiscard   Deed = "discard" // of a draft with the name From
	DeedWithdraw  Deed = "withdraw"
	DeedRestore   Deed = "restore"
	DeedRedate    Deed = "redate"   // From one date To another
	DeedMerge     Deed = "merge"    // a section with the name From into the one named To
	DeedName      Deed = "name"     // a person as editor
	DeedRemove    Deed = "remove"   // a person who was an editor; by that person: they had everything about them deleted
	DeedInvite    Deed = "invite"   // whoever has the link, to become an editor
	DeedAccept    Deed = "accept"   // an invitation: the actor has become an editor
	DeedUninvite  Deed = "uninvite" // Count invitations taken back
	DeedImport    Deed = "import"   // of Count issues that are new or corrected
	DeedEnroll    Deed = "enroll"   // Count subscribers whom an import has brought or changed
	DeedExport    Deed = "export"   // of Count subscribers
	DeedRefused   Deed = "refused"  // by Program: Count presses of admins' buttons by others, within a day
	DeedLook      Deed = "look"     // at the source named From
	DeedGather    Deed = "gather"   // the entries of a feed into an issue, before it was due
	DeedCorrect   Deed = "correct"  // what Count subscribers have
	DeedLeave     Deed = "leave"    // what arrived of an issue, though it has another text now
	DeedRecall    Deed = "recall"   // from Count subscribers

	DeedPauseRevision  Deed = "pause revision" // by Program for Reason
	DeedResumeRevision Deed = "resume revision"
	DeedCancelRevision Deed = "cancel revision"

	DeedMuteReader   Deed = "mute reader" // called From, of whom editors take no replies any more
	DeedUnmuteReader Deed = "unmute reader"

	DeedRestoreBackup Deed = "restore backup" // made at From, RFC 3339
)

// AuditEntry says who did what, when and on what.
type AuditEntry struct {
	ID    int64     // set when it is kept, as is At
	At    time.Time // UTC
	By    Actor
	Deed  Deed
	On    Subject
	Facts Facts
}

// Subject is on what something was done; its zero fields do not matter.
type Subject struct {
	Issue, Broadcast, Section int64
	Person                    int64 // Telegram user id
}

// Facts are what else an AuditEntry says, as its Deed needs it.
type Facts struct {
	Count    int    `json:",omitempty"`
	From, To string `json:",omitempty"` // names or dates
	Reason   string `json:",omitempty"`
}

// Audit keeps what an actor did, in the transaction that does it.
func Audit(ctx context.Context, tx *sql.Tx, e AuditEntry) error {
	facts := ""
	if e.Facts != (Facts{}) {
		encoded, err := json.Marshal(e.Facts)
		if err != nil {
			return fmt.Errorf("keep %s in the audit: %w", e.Deed, err)
		}
		facts = string(encoded)
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO audit (at, user_id, chat_id, action, issue_id, broadcast_id, section_id, person_id, detail)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		now(), e.By.User, e.By.Chat, e.Deed, e.On.Issue, e.On.Broadcast, e.On.Section, e.On.Person, facts)
	if err == nil {
		_, err = tx.ExecContext(ctx, "DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ?", maxAudit)
	}
	if err != nil {
		return fmt.Errorf("keep %s in the audit: %w", e.Deed, err)
	}
	return nil
}

// maxAudit is how many entries are kept: with twenty a day, those of more than a year.
const maxAudit = 10_000

// Audit keeps what an actor did and nothing else in the database shows.
func (s *Store) Audit(ctx context.Context, e AuditEntry) error {
	return s.write(ctx, func(tx *sql.Tx) error { return Audit(ctx, tx, e) })
}

// CountRefused adds presses that were refused to those of the day. A flood of them is one
// entry, which says how many.
func (s *Store) CountRefused(ctx context.Context, n int) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `
			UPDATE audit
			SET detail = json_set(detail, '$.Count', json_extract(detail, '$.Count') + ?)
			WHERE id = (SELECT max(id) FROM audit WHERE action = 'refused') AND at > ?`, n, now()-int64(refusedTogether.Seconds()))
		if err != nil || database.Affected(result, err) {
			return err
		}
		return Audit(ctx, tx, AuditEntry{By: Actor{User: Program}, Deed: DeedRefused, Facts: Facts{Count: n}})
	})
}

// refusedTogether is how long refused presses are counted in one entry.
const refusedTogether = 24 * time.Hour

// AuditEntries returns up to n entries, the newest first, after leaving out some.
func (s *Store) AuditEntries(ctx context.Context, n, leaveOut int) ([]AuditEntry, error) {
	page, _, err := s.AuditOf(ctx, AuditAbout{}, n, leaveOut)
	return page, err
}

// AuditAbout says which entries are wanted. A field that is 0 does not matter.
type AuditAbout struct {
	Issue int64
	By    int64 // Telegram user id
}

// AuditOf is AuditEntries for those that are wanted. It also returns how many there are.
func (s *Store) AuditOf(ctx context.Context, about AuditAbout, n, leaveOut int) (page []AuditEntry, total int, err error) {
	const wanted = "FROM audit WHERE (?1 = 0 OR issue_id = ?1) AND (?2 = 0 OR user_id = ?2)"
	err = s.reads.QueryRowContext(ctx, "SELECT count(*) "+wanted, about.Issue, about.By).Scan(&total)
	if err == nil {
		page, err = database.Collect(ctx, s.reads, scanAuditEntry, `
			SELECT id, at, user_id, chat_id, action, issue_id, broadcast_id, section_id, person_id, detail
			`+wanted+`
			ORDER BY id DESC
			LIMIT ?3 OFFSET ?4`, about.Issue, about.By, n, leaveOut)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read the audit: %w", err)
	}
	return page, total, nil
}

// AuditPeople returns up to n people who have done something, the last of them first.
func (s *Store) AuditPeople(ctx context.Context, n int) ([]int64, error) {
	all, err := database.Collect(ctx, s.reads, func(rows *sql.Rows) (user int64, err error) {
		return user, rows.Scan(&user)
	}, "SELECT user_id FROM audit WHERE user_id > 0 GROUP BY user_id ORDER BY max(id) DESC LIMIT ?", n)
	if err != nil {
		return nil, fmt.Errorf("read who is in the audit: %w", err)
	}
	return all, nil
}

func scanAuditEntry(rows *sql.Rows) (e AuditEntry, err error) {
	var at int64
	var facts string
	err = rows.Scan(&e.ID, &at, &e.By.User, &e.By.Chat, &e.Deed, &e.On.Issue, &e.On.Broadcast, &e.On.Section, &e.On.Person, &facts)
	if err != nil {
		return e, err
	}
	e.At = fromUnix(at)
	if facts == "" {
		return e, nil
	}
	if err := json.Unmarshal([]byte(facts), &e.Facts); err != nil {
		return e, fmt.Errorf("entry %d: %w", e.ID, err)
	}
	return e, nil
}
