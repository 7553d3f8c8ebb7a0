package subscribers

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"

	"digestbot/digest"
	"digestbot/subscribers/database"
)

// ProgressFile keeps how far the deliveries under way have got, in a file beside the
// database. A record is written there within a microsecond, and survives the end of
// the program, however it ends. A commit, which also survives a loss of power, may
// then come later and be shared by many.
//
// It is safe for concurrent use.
type ProgressFile struct {
	file  *os.File
	stamp int64 // of the records that count

	mu     sync.Mutex
	places int64 // in the file
	free   []*ProgressRecord
}

// ProgressRecord is a place in the file for one delivery at a time. It is for
// one goroutine at a time.
type ProgressRecord struct {
	of    *ProgressFile
	place int64
	bytes []byte // reused
}

// recordSize is the room for a record, in bytes. No page boundary lies within it, so
// the system writes a record in one piece, whenever the program ends.
const recordSize = 1024

// progressSuffix is what the name of the file has behind that of the database.
const progressSuffix = "-progress"

// maxProgressFile is in bytes: four times what is under way at the highest rate.
const maxProgressFile = 16 << 20

// OpenProgressFile brings what the last run has left in the file into the database,
// and opens it. The caller must hold the Lock.
func (s *Store) OpenProgressFile(ctx context.Context) (*ProgressFile, error) {
	file, err := s.db.OpenBeside(progressSuffix)
	if err != nil {
		return nil, fmt.Errorf("open the progress file: %w", err)
	}
	f := &ProgressFile{file: file, stamp: rand.Int64N(1<<62) + 1} //nolint:gosec // no secret: it tells files apart
	if err := s.recover(ctx, f); err != nil {
		return nil, errors.Join(fmt.Errorf("take up %s: %w", file.Name(), database.WithCure(err)), file.Close())
	}
	return f, nil
}

// recover brings the records in the file into the database, and empties it.
func (s *Store) recover(ctx context.Context, f *ProgressFile) error {
	info, err := f.file.Stat()
	if err != nil {
		return err
	}
	if info.Size() > maxProgressFile {
		return fmt.Errorf("it is larger than the %d MB that digestbot writes there at most, so it is another program's: move it away", maxProgressFile>>20)
	}
	left, err := io.ReadAll(f.file)
	if err != nil {
		return err
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		var last int64
		if err := tx.QueryRowContext(ctx, "SELECT stamp FROM progress_file").Scan(&last); err != nil {
			return err
		}
		update := tx.StmtContext(ctx, s.progress)
		defer update.Close()
		for record := range slices.Chunk(left, recordSize) { // left stays as it is: a write may be made twice
			d, ok := decodeRecord(record, last)
			if err := ctx.Err(); err != nil {
				return err
			}
			if !ok {
				continue
			}
			if err := saveProgress(ctx, tx, update, &d); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, "UPDATE progress_file SET stamp = ?", f.stamp)
		return err
	})
	if err != nil {
		return err
	}
	return f.file.Truncate(0)
}

// Close closes the file, and removes it unless records are in use. The next
// OpenProgressFile takes those up.
func (f *ProgressFile) Close() error {
	f.mu.Lock()
	unused := int64(len(f.free)) == f.places
	f.mu.Unlock()
	err := f.file.Close()
	if unused {
		err = errors.Join(err, os.Remove(f.file.Name()))
	}
	return err
}

// Take returns a record to use until it is freed.
func (f *ProgressFile) Take() *ProgressRecord {
	f.mu.Lock()
	defer f.mu.Unlock()
	if last := len(f.free) - 1; last >= 0 {
		r := f.free[last]
		f.free = f.free[:last]
		return r
	}
	f.places++
	return &ProgressRecord{of: f, place: f.places - 1}
}

// Write records how a delivery stands. If that fails, or the program ends during it,
// the record says what it said before.
func (r *ProgressRecord) Write(d *Delivery) error {
	r.bytes = appendRecord(r.bytes[:0], d, r.of.stamp)
	return r.write(r.bytes)
}

// Free gives the record up: what it said is in the database. The record must not be
// used afterwards, even if an error is returned.
func (r *ProgressRecord) Free() error {
	err := r.write(make([]byte, recordHeader)) // a record with the stamp 0 never counts
	r.of.mu.Lock()
	defer r.of.mu.Unlock()
	r.of.free = append(r.of.free, r)
	return err
}

func (r *ProgressRecord) write(b []byte) error {
	if _, err := r.of.file.WriteAt(b, r.place*recordSize); err != nil {
		return fmt.Errorf("record progress: %w", err)
	}
	return nil
}

// recordHeader is what a record begins with, in bytes: its stamp, the checksum
// and the length of the rest.
const recordHeader = 8 + 4 + 2

// maxRecordReason bounds a reason, in bytes: they are a few words.
const maxRecordReason = 200

// withPositions is set in the length of a record whose messages have positions. Records
// of older versions have only the ids.
const withPositions = 1 << 15

// appendRecord appends the record of a delivery. Messages that arrived are left out if
// there is no room for them; there is for more than a hundred.
func appendRecord(b []byte, d *Delivery, stamp int64) []byte {
	b = append(b, make([]byte, recordHeader)...)
	for _, n := range [...]int64{d.IssueID, d.SubscriberID, d.BroadcastID, int64(d.Edition), int64(d.NextMessage), int64(d.Attempts),
		int64(d.Sent), int64(d.Muted), int64(d.Covered), int64(d.Uncertain)} {
		b = binary.AppendVarint(b, n)
	}
	reason := strings.ToValidUTF8(string(d.Reason)[:min(len(d.Reason), maxRecordReason)], "") // a letter may be cut
	for _, text := range [...]string{string(d.State), string(d.Layout), reason} {
		b = append(binary.AppendVarint(b, int64(len(text))), text...)
	}
	b = appendArrived(b, d.Arrived)
	body := b[recordHeader:]
	binary.LittleEndian.PutUint64(b, uint64(stamp))
	binary.LittleEndian.PutUint32(b[8:], crc32.ChecksumIEEE(body))
	binary.LittleEndian.PutUint16(b[12:], uint16(len(body))|withPositions)
	return b
}

// decodeRecord reads what appendRecord has written; ok is false if there is no record
// with that stamp.
func decodeRecord(b []byte, stamp int64) (d Delivery, ok bool) {
	if len(b) < recordHeader || stamp == 0 || binary.LittleEndian.Uint64(b) != uint64(stamp) {
		return d, false
	}
	if !isWholeRecord(b) {
		return d, false
	}
	r := reader(b[recordHeader:][:binary.LittleEndian.Uint16(b[12:])&^withPositions])
	d.IssueID, d.SubscriberID, d.BroadcastID = r.number(), r.number(), r.number()
	for _, n := range []*int{&d.Edition, &d.NextMessage, &d.Attempts, &d.Sent, &d.Muted, &d.Covered, &d.Uncertain} {
		*n = int(r.number())
	}
	d.State, d.Layout, d.Reason = DeliveryState(r.text()), digest.Layout(r.text()), Reason(r.text())
	d.Arrived = r.arrived(binary.LittleEndian.Uint16(b[12:])&withPositions != 0)
	return d, true
}

// isWholeRecord reports whether a record is not half of one and half of another.
func isWholeRecord(b []byte) bool {
	if len(b) < recordHeader || binary.LittleEndian.Uint64(b) == 0 {
		return true // it does not count
	}
	length := int(binary.LittleEndian.Uint16(b[12:]) &^ withPositions)
	body := b[recordHeader:]
	return length <= len(body) && crc32.ChecksumIEEE(body[:length]) == binary.LittleEndian.Uint32(b[8:])
}

// reader reads what is left of a record whose checksum is right.
type reader []byte

func (r *reader) number() int64 {
	n, length := binary.Varint(*r)
	*r = (*r)[length:]
	return n
}

func (r *reader) text() string {
	length := r.number()
	text := string((*r)[:length])
	*r = (*r)[length:]
	return text
}

// maxRecordArrived bounds what an arrived message takes in a record, in bytes: six numbers, and
// the name of a layout.
const maxRecordArrived = 6*binary.MaxVarintLen64 + 16

// appendArrived appends messages: position and id of each and, if the position is followed by
// a 1, what else there is to say. The ids are differences, which are small.
func appendArrived(b []byte, all []Arrived) []byte {
	previous := 0
	for _, h := range all {
		if len(b) > recordSize-maxRecordArrived || len(h.Layout) > 15 {
			break
		}
		more := h.Edition != 0 || h.Layout != "" || h.Copy != 0 || h.Chat != 0
		position := int64(h.Position) << 1
		if more {
			position |= 1
		}
		b = binary.AppendVarint(binary.AppendVarint(b, position), int64(h.ID-previous))
		previous = h.ID
		if !more {
			continue
		}
		for _, n := range [...]int64{int64(h.Edition), int64(h.Copy), h.Chat, int64(len(h.Layout))} {
			b = binary.AppendVarint(b, n)
		}
		b = append(b, h.Layout...)
	}
	return b
}

// arrived reads what is left of a record.
func (r *reader) arrived(positions bool) (all []Arrived) {
	for id := 0; len(*r) > 0; {
		h := Arrived{Position: UnknownPosition}
		more := false
		if positions {
			position := r.number()
			h.Position, more = int(position>>1), position&1 != 0
		}
		id += int(r.number())
		h.ID = id
		if more {
			h.Edition, h.Copy, h.Chat = int(r.number()), int(r.number()), r.number()
			h.Layout = digest.Layout(r.text())
		}
		all = append(all, h)
	}
	return all
}
