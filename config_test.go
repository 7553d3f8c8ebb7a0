package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// A flag wins over a variable, a variable over the file, and the file over the default.
func TestFileOfSettings(t *testing.T) {
	dir := t.TempDir()
	file := write(t, dir, "digestbot.toml", "layout = \"compact\" # of the file\n")
	issue := write(t, dir, "7.md", document)
	const compact, sections, rich = "compact", "sections", "rich"
	// looks returns what a preview in a layout looks like.
	looks := func(layout string) string {
		return runWith(t, nil, "", "preview", "--layout="+layout, issue).out
	}
	if looks(compact) == looks(sections) || looks(rich) == looks(sections) {
		t.Fatal("layouts look the same, so they show nothing here")
	}
	for name, test := range map[string]struct {
		environ, args []string
		want          string
	}{
		"default":            {nil, nil, sections},
		"file":               {nil, []string{"--config", file}, compact},
		"file of a variable": {[]string{"DIGESTBOT_CONFIG=" + file}, nil, compact},
		"variable":           {[]string{"DIGESTBOT_LAYOUT=rich", "DIGESTBOT_CONFIG=" + file}, nil, rich},
		"flag":               {[]string{"DIGESTBOT_LAYOUT=rich"}, []string{"--config", file, "--layout=sections"}, sections},
		"flag for the file":  {[]string{"DIGESTBOT_CONFIG=none.toml"}, []string{"--config", file}, compact},
	} {
		got := runWith(t, test.environ, "", append([]string{"preview", issue}, test.args...)...)
		if got.failure != nil || got.out != looks(test.want) {
			t.Errorf("%s: %v, and it does not look like %s:\n%s", name, got.failure, test.want, got.out)
		}
	}
}

// Every mistake in a file of settings is named with its line and its cure.
func TestMistakesInTheFile(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"unknown key":                {"# no\n\nshedule = \"@weekly\"\n", []string{"digestbot.toml:3: shedule is no setting: do you mean schedule?"}},
		"key with an underscore":     {"catch_up = \"1d\"\n", []string{":1: catch_up is no setting: do you mean catch-up?"}},
		"name of a variable":         {"DIGESTBOT_CATCH_UP = \"1d\"\n", []string{":1: DIGESTBOT_CATCH_UP is no setting: do you mean catch-up?"}},
		"key like nothing":           {"colour = \"red\"\n", []string{":1: colour is no setting: take it out"}},
		"flag that is none":          {"help = true\n", []string{":1: help is no setting"}},
		"another file":               {"config = \"other.toml\"\n", []string{":1: config: a file of settings cannot name another"}},
		"table":                      {"rate = 20\n[telegram]\nadmins = [1]\n", []string{":2: [telegram]", "not in tables"}},
		"list of tables":             {"[[source]]\nurl = \"x\"\n", []string{":1: source: a list of texts is wanted here, and this is a table"}},
		"key twice":                  {"rate = 20\n\nrate = 21\n", []string{":3: ", "rate", "already", "each key is there once"}},
		"no quotation marks":         {"rate = 20\ntimezone = Europe/Berlin\n", []string{":2: ", "texts stand in quotation marks"}},
		"open quotation mark":        {"timezone = \"UTC\n", []string{":1: ", "quotation marks"}},
		"text for a number":          {"rate = \"20\"\n", []string{":1: rate: a whole number is wanted here, and this is a text: write it as rate = 30"}},
		"number with a point":        {"rate = 20.5\n", []string{":1: rate: a whole number", "a number with a point"}},
		"number for a text":          {"timezone = 1\n", []string{":1: timezone: a text is wanted here, and this is a whole number: write it as timezone = \"Asia/Shanghai\""}},
		"number for a duration":      {"catch-up = 36\n", []string{":1: catch-up: a duration is wanted here", "catch-up = \"24h\""}},
		"duration without a unit":    {"catch-up = \"36\"\n", []string{`:1: catch-up: "36" is not a duration`}},
		"text for true":              {"approve = \"yes\"\n", []string{":1: approve: true or false, without quotation marks, is wanted here", "approve = true"}},
		"number for a list":          {"include = 1\n", []string{":1: include: a list of texts", "include = [\"*.md\", "}},
		"number within a list":       {"include = [\n\"a\",\n7]\n", []string{":1: include: entry 2 of the list: a text is wanted here"}},
		"date":                       {"welcome = 2026-11-20\n", []string{":1: welcome", "a date or time"}},
		"value that is not allowed":  {"log-level = \"loud\"\n", []string{`:1: log-level: "loud" is none of debug, info, warn, error`}},
		"value that is checked":      {"\nrate = 99\n", []string{"digestbot.toml:2: rate: 99 is not between 1 and 30"}},
		"webhook without a listener": {"webhook-url = \"https://example.org/x\"\n", []string{"digestbot.toml:1: webhook-url: give --listen as well"}},
		"several":                    {"rate = \"x\"\nshedule = 1\n", []string{":1: rate", ":2: shedule"}},
		"token":                      {"token = \"" + fakeToken + "\"\n", []string{":1: there is a token in this file", "/revoke", "token-file", "DIGESTBOT_TOKEN"}},
		"token in a comment":         {"rate = 20\n# " + fakeToken + "\n", []string{":2: there is a token in this file"}},
		"token without its shape":    {"token = \"x\"\n", []string{":1: token: secrets are not in this file", "token-file"}},
		"secret of the webhook":      {"webhook-secret = \"hush-hush\"\n", []string{":1: webhook-secret: secrets are not in this file", "webhook-secret-file"}},
		"not UTF-8":                  {"rate = 20\nwelcome = \"caf\xe9\"\n", []string{":2: this is not UTF-8"}},
		"UTF-16":                     {"\xff\xfer\x00", []string{"this is UTF-16"}},
		"nested far too deep":        {"source = " + strings.Repeat("[", 30_000) + "\n", []string{"nested deeper than 8"}},
		"tables in tables":           {"x={a=" + strings.Repeat("{a=", 8000) + "1" + strings.Repeat("}", 8001) + "\n", []string{"nested deeper than 8"}},
		"too large":                  {strings.Repeat("# nothing\n", 10_000), []string{"--config (DIGESTBOT_CONFIG)", "more than 65536 bytes"}},
	} {
		t.Run(name, func(t *testing.T) {
			file := write(t, t.TempDir(), "digestbot.toml", test.text)
			got := runWithToken(t, "--config", file, "--database", filepath.Join(t.TempDir(), "test.db"))
			mustFail(t, name, got, test.want...)
			hasNoToken(t, got.out, got.err, got.failure.Error())
			if exitCode(got.failure) != exitSettings || strings.Contains(got.failure.Error(), "hush-hush") {
				t.Errorf("it ends with %d, %v", exitCode(got.failure), got.failure)
			}
		})
	}
}

// What is no file of settings is refused, and nothing waits for ever.
func TestFileOfSettingsThatIsNone(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		filepath.Join(dir, "none.toml"): "no such file or directory: give the name of a file that exists",
		dir:                             "is a directory: give a file",
		"/dev/zero":                     "more than 65536 bytes",
	} {
		mustFail(t, name, runWithToken(t, "--config", name), "--config (DIGESTBOT_CONFIG)", want)
	}
	go func() { _ = os.WriteFile(pipe, []byte("rate = 0\n"), 0o600) }() // an error shows below
	mustFail(t, pipe, runWithToken(t, "--config", pipe), "pipe:1: rate: 0 is not between 1 and 30")
}

// What an editor of any system writes is read: marks, ends of lines, lists of any form.
func TestFormsOfTheFile(t *testing.T) {
	dir := t.TempDir()
	for _, folder := range []string{"issues", "more, of them"} {
		if err := os.Mkdir(filepath.Join(dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{
		"empty":          "",
		"only a mark":    "\uFEFF",
		"of Notepad":     "\uFEFFrate = 20\r\nadmins = [\r\n  7, # Ada\r\n  \"12\",\r\n]\r\n",
		"ids as numbers": "admins = [123456789]\nreplies = -1001234567890\n",
		"one text":       "admins = \"7,12\"\ninclude = \"*.md,!draft-*\"\nsource = \"issues\"\n",
		"lines":          "source = \"\"\"\nissues name=\"One: 'x'\"\nmore, of them first=all\n\"\"\"\n",
		"lists":          "source = [\n  \"issues\",\n  \"more, of them\",\n  \"https://example.org/feed.xml digest every=week\",\n]\nwelcome = [\"en=Hello, you\", \"你好\"]\n",
		"of nothing":     "source = []\nwelcome = \"\"\npublic-url = \"\"\n",
	} {
		// The wrong rate on the command line ends the program where all settings have been checked.
		got := runWithToken(t, "--config", write(t, dir, "digestbot.toml", text), "--rate=0", "--database", filepath.Join(dir, "test.db"))
		mustFailForTheRate(t, name, got)
	}
}

// Paths in the file are relative to its folder, wherever the program is started.
func TestPathsInTheFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "issues"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "token", fakeToken)
	file := write(t, dir, "digestbot.toml", "database = \"test.db\"\ntoken-file = \"token\"\nsource = [\"issues\"]\n")
	got := runWith(t, nil, document, "import", "--config", file, "-")
	if _, err := os.Stat(filepath.Join(dir, "test.db")); err != nil || got.failure != nil {
		t.Errorf("import: %v, and the database beside the file: %v", got.failure, err)
	}
	mustFailForTheRate(t, "elsewhere", runWith(t, nil, "", "--config", file, "--rate=0"))
	t.Chdir(dir)
	mustFailForTheRate(t, "in its folder", runWith(t, nil, "", "--config", "digestbot.toml", "--rate=0"))
}

// mustFailForTheRate checks that nothing is wrong but the rate that was given.
func mustFailForTheRate(t *testing.T, what string, got result) {
	t.Helper()
	if mustFail(t, what, got, "--rate (DIGESTBOT_RATE): 0"); strings.Contains(got.failure.Error(), "\n") {
		t.Errorf("%s: %v, want nothing but the rate", what, got.failure)
	}
}

// Where the token is looked for, in this order.
func TestWhereTheTokenIs(t *testing.T) {
	dir := t.TempDir()
	bad := func(name string) string { return write(t, dir, name, "bad "+name) }
	credentials := filepath.Join(dir, "credentials")
	if err := os.Mkdir(credentials, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, credentials, "token", "bad credential")
	file := write(t, dir, "digestbot.toml", "token-file = \"of-the-file\"\n")
	bad("of-the-file")
	all := []string{"DIGESTBOT_TOKEN_FILE=" + bad("of-a-variable"), "DIGESTBOT_TOKEN=bad", "DIGESTBOT_CONFIG=" + file, "CREDENTIALS_DIRECTORY=" + credentials}
	for i, want := range []string{"--token-file (DIGESTBOT_TOKEN_FILE): " + dir, "DIGESTBOT_TOKEN: this", file + ":1: token-file: " + filepath.Join(dir, "of-the-file"), "the systemd credential token: " + credentials, "there is no bot token"} {
		got := runWith(t, all[i:], "", "--database", filepath.Join(dir, "test.db"))
		mustFail(t, want, got, want)
	}
	got := runWith(t, all, "", "--token-file", bad("of-a-flag"))
	mustFail(t, "flag", got, filepath.Join(dir, "of-a-flag"))
}

// The secret of the webhook is looked for like the token.
func TestWhereTheSecretOfTheWebhookIs(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "webhook-secret", "not a secret")
	empty := write(t, dir, "empty", "\n")
	hook := []string{"--webhook-url=https://example.org/x", "--listen=:0"}
	for _, test := range []struct {
		environ, args []string
		want          string
	}{
		{nil, []string{"--webhook-secret-file", filepath.Join(dir, "webhook-secret")}, "--webhook-secret-file (DIGESTBOT_WEBHOOK_SECRET_FILE): " + dir},
		{[]string{"CREDENTIALS_DIRECTORY=" + dir}, nil, "the systemd credential webhook-secret: " + dir},
		{nil, []string{"--webhook-secret-file", empty}, "it is empty"},
		{nil, []string{"--webhook-secret-file", filepath.Join(dir, "none")}, "no such file"},
	} {
		got := runWith(t, append(test.environ, "DIGESTBOT_TOKEN="+fakeToken), "", append(test.args, hook...)...)
		if mustFail(t, test.want, got, test.want); strings.Contains(got.failure.Error(), "not a secret") {
			t.Errorf("the secret is in %v", got.failure)
		}
	}
}

// The demo uses no settings, so a file that is not there does not keep it from starting.
func TestDemoReadsNoFile(t *testing.T) {
	got := runWith(t, []string{"DIGESTBOT_CONFIG=none.toml"}, "", "demo", "--address", "127.0.0.1:-1")
	if mustFail(t, "demo", got, "invalid port"); strings.Contains(got.failure.Error(), "none.toml") {
		t.Errorf("demo: %v", got.failure)
	}
}

// Whoever may change the settings may send the token elsewhere.
func TestFileThatOthersCanChangeIsWarnedOf(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("files have other permissions there")
	}
	file := write(t, t.TempDir(), "digestbot.toml", "log-format = \"json\"\n")
	if err := os.Chmod(file, 0o666); err != nil { // the umask does not count here
		t.Fatal(err)
	}
	p := startProgram(t, "--config", file)
	if line := p.line("can change the settings"); !strings.Contains(line, "chmod o-w") {
		t.Errorf("the warning is %q", line)
	}
}
