package check

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// fewFiles is how many open files are few: the bot needs about 20, and one for each connection
// to it and to Telegram.
const fewFiles = 1024

// checkFiles looks at how many files the bot may open: the one that runs, if that can be told,
// else this process.
func (c *checker) checkFiles(context.Context) []Finding {
	limit, whose := ownLimit(), "this process"
	if i, err := c.database.inspect(); err == nil && i.PID > 0 {
		if of, ok := limitOf(i.PID); ok {
			limit, whose = of, "the bot that runs"
		}
	}
	text := fmt.Sprintf("%s may have %d open", whose, limit)
	if limit < fewFiles {
		return one(Warning, text, "raise the limit: LimitNOFILE= in a unit, ulimit -n in a shell")
	}
	return one(OK, text, "")
}

// ownLimit returns how many files this process may open. Go has raised the soft limit to the
// hard one.
func ownLimit() uint64 {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fewFiles // nothing is known, so there is nothing to warn of
	}
	return limit.Cur
}

// limitOf returns how many files a process may open, where the system tells (proc(5) of Linux).
func limitOf(pid int) (limit uint64, ok bool) {
	file, err := os.Open(fmt.Sprintf("/proc/%d/limits", pid))
	if err != nil {
		return 0, false
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if rest, found := strings.CutPrefix(lines.Text(), "Max open files"); found && len(strings.Fields(rest)) > 0 {
			limit, err := strconv.ParseUint(strings.Fields(rest)[0], 10, 64)
			return limit, err == nil
		}
	}
	return 0, false
}
