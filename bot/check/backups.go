package check

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"digestbot/subscribers/backup"
)

// backupAge is how old the newest backup may be: one is made every night.
const backupAge = 26 * time.Hour

// checkBackups looks into the folder for backups.
func (c *checker) checkBackups(ctx context.Context) []Finding {
	folder := c.Settings.BackupDir
	if folder == "" {
		return nil
	}
	keeper := backup.Keeper{Database: c.Settings.Database, Folder: folder}
	if i, err := c.database.inspect(); err == nil {
		keeper.Bot = func() string { return i.Bot }
	}
	newest, err := keeper.Newest(ctx)
	cure := "see the log of the bot, and whether it may write there"
	if !c.database.served() {
		cure = "start the bot, which makes one"
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return one(Failed, err.Error(), "")
	case err != nil:
		return one(Failed, fmt.Sprintf("%s cannot be read: %v", folder, err), "give the user of the bot the right to it")
	case !isWritable(folder):
		return one(Failed, "this user cannot write to "+folder, "give the user of the bot the right to it, or run check as that user")
	case newest.IsZero():
		return one(Warning, "there is none in "+folder, cure)
	case c.Now().Sub(newest) > backupAge:
		return one(Warning, fmt.Sprintf("the newest in %s is of %s", folder, newest.In(c.location()).Format(timeLayout)), cure)
	}
	return one(OK, fmt.Sprintf("the newest in %s is of %s", folder, newest.In(c.location()).Format(timeLayout)), "")
}
