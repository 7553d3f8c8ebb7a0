package main

import (
	"regexp"
	"runtime/debug"
	"testing"
)

func TestVersion(t *testing.T) {
	oneLine := regexp.MustCompile(`^digestbot \S+ \(go1\.\S+\)\n$`)
	if got := runWith(t, nil, "", "--version"); got.failure != nil || !oneLine.MatchString(got.out) {
		t.Errorf("--version printed %q, %v", got.out, got.failure)
	}
	everything := regexp.MustCompile(`^digestbot \S+
commit    .+
Go        go1\.\S+
SQLite    3\.\d+\.\d+
Bot API   \d+\.\d+
platform  \w+/\w+
$`)
	if got := runWith(t, nil, "", "version"); got.failure != nil || !everything.MatchString(got.out) {
		t.Errorf("version printed %q, %v", got.out, got.failure)
	}
}

func TestDescribe(t *testing.T) {
	info := func(version string, settings ...debug.BuildSetting) *debug.BuildInfo {
		settings = append(settings, debug.BuildSetting{Key: "GOOS", Value: "linux"}, debug.BuildSetting{Key: "GOARCH", Value: "arm64"})
		return &debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Version: version}, Settings: settings}
	}
	revision := debug.BuildSetting{Key: "vcs.revision", Value: "4f3a16e"}
	modified := debug.BuildSetting{Key: "vcs.modified", Value: "true"}
	tests := []struct {
		name            string
		info            *debug.BuildInfo
		release, commit string
		want            build
	}{
		{"release", info("(devel)"), "1.2.0", "4f3a16e", build{version: "1.2.0", commit: "4f3a16e"}},
		{"release of changed files", info("(devel)"), "1.2.0", "4f3a16e+modified", build{version: "1.2.0", commit: "4f3a16e", modified: true}},
		{"clone at a tag", info("v1.2.0", revision), "", "", build{version: "1.2.0", commit: "4f3a16e"}},
		{"changed clone", info("v1.2.0+dirty", revision, modified), "", "", build{version: "1.2.0", commit: "4f3a16e", modified: true}},
		{"without Git", info("(devel)"), "", "", build{version: "devel"}},
		{"test", info(""), "", "", build{version: "devel"}},
		{"a fork that stamps the commit only", info("v0.0.0-1", revision, modified), "", "abc", build{version: "0.0.0-1", commit: "abc"}},
	}
	for _, tt := range tests {
		tt.want.compiler, tt.want.platform = "go1.26.0", "linux/arm64"
		if got := describe(tt.info, tt.release, tt.commit); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
	if got := describe(nil, "", "").short(); got != "digestbot devel" {
		t.Errorf("without anything: %q", got)
	}
}
