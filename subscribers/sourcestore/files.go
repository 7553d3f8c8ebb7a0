package sourcestore

import (
	"context"
	"database/sql"
	"fmt"

	"digestbot/subscribers/database"
)

// File shows whether a file was changed, without reading it.
type File struct {
	Modified int64 // Unix time in nanoseconds
	Size     int64 // bytes
}

// Files returns the files of a folder that were dealt with, by name.
func (s *Store) Files(ctx context.Context, source int64) (map[string]File, error) {
	type named struct {
		name string
		file File
	}
	rows, err := database.Collect(ctx, s.reads, func(rows *sql.Rows) (n named, err error) {
		return n, rows.Scan(&n.name, &n.file.Modified, &n.file.Size)
	}, "SELECT name, modified, size FROM source_files WHERE source_id = ?", source)
	if err != nil {
		return nil, fmt.Errorf("read the files of source %d: %w", source, err)
	}
	files := make(map[string]File, len(rows))
	for _, row := range rows {
		files[row.name] = row.file
	}
	return files, nil
}

// NoteFiles keeps that files were dealt with, and forgets others.
func (s *Store) NoteFiles(ctx context.Context, source int64, files map[string]File, gone []string) error {
	if len(files)+len(gone) == 0 {
		return nil
	}
	err := s.db.Write(ctx, func(tx *sql.Tx) error {
		for name, file := range files {
			if _, err := tx.ExecContext(ctx, `
				INSERT INTO source_files (source_id, name, modified, size)
				VALUES (?, ?, ?, ?)
				ON CONFLICT DO UPDATE SET modified = excluded.modified, size = excluded.size`, source, name, file.Modified, file.Size); err != nil {
				return err
			}
		}
		for _, name := range gone {
			if _, err := tx.ExecContext(ctx, "DELETE FROM source_files WHERE source_id = ? AND name = ?", source, name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("remember the files of source %d: %w", source, err)
	}
	return nil
}
