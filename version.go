package main

import (
	"cmp"
	"fmt"
	"runtime/debug"
	"strings"

	"digestbot/bot/metrics"
	"digestbot/bot/telegramsim/botapi"
	"digestbot/subscribers/database"
)

// A release is built from sources that need not be a clone, so the linker writes these two
// (-ldflags "-X main.release=1.2.0 -X main.commit=…"). A build of a clone knows both from Git,
// unless it was made with -buildvcs=false.
var release, commit string

// build is what the program knows of how it was built.
type build struct {
	version  string // 1.2.0, or what Go makes of the clone
	commit   string // empty: unknown
	modified bool   // besides that commit, files were changed
	compiler string // go1.26.0
	platform string // linux/amd64
}

// thisBuild returns how this program was built.
func thisBuild() build {
	info, _ := debug.ReadBuildInfo()
	return describe(info, release, commit)
}

// describe puts together what Go and what the linker have written into a program. Without
// modules Go has written nothing, and info is nil.
func describe(info *debug.BuildInfo, release, commit string) build {
	b := build{version: release}
	b.commit, b.modified = strings.CutSuffix(commit, "+modified")
	if info == nil {
		b.version = cmp.Or(b.version, "devel")
		return b
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if commit == "" {
		b.commit, b.modified = settings["vcs.revision"], settings["vcs.modified"] == "true"
	}
	version, _ := strings.CutSuffix(strings.Trim(info.Main.Version, "()"), "+dirty") // that is said by modified
	b.version = cmp.Or(b.version, strings.TrimPrefix(version, "v"), "devel")
	b.compiler = info.GoVersion
	b.platform = settings["GOOS"] + "/" + settings["GOARCH"]
	return b
}

// short is the version on one line, for --version and the log.
func (b build) short() string {
	if b.compiler == "" {
		return "digestbot " + b.version
	}
	return fmt.Sprintf("digestbot %s (%s)", b.version, b.compiler)
}

// long is all that a report of a fault has to say of the program.
func (b build) long() string {
	commit := cmp.Or(b.commit, "unknown")
	if b.modified {
		commit += ", with changes"
	}
	return fmt.Sprintf("digestbot %s\ncommit    %s\nGo        %s\nSQLite    %s\nBot API   %s\nplatform  %s\n",
		b.version, commit, cmp.Or(b.compiler, "unknown"), database.SQLiteVersion(), botapi.Version, cmp.Or(b.platform, "unknown"))
}

// figures is what /metrics says of the program.
func (b build) figures() metrics.Build {
	return metrics.Build{Version: b.version, Commit: b.commit, Go: b.compiler, SQLite: database.SQLiteVersion(), BotAPI: botapi.Version}
}

// agent says to servers which program asks.
func agent() string { return "digestbot/" + thisBuild().version }
