package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"digestbot/bot/settings"
)

// inForce returns what digestbot config says for programs.
func inForce(t *testing.T, environ []string, args ...string) settings.Overview {
	t.Helper()
	got := runWith(t, environ, "", append([]string{"config", "--json"}, args...)...)
	var o settings.Overview
	if err := json.Unmarshal([]byte(got.out), &o); err != nil {
		t.Fatalf("config --json printed %q: %v", got.out, err)
	}
	return o
}

func TestWhereSettingsAreFrom(t *testing.T) {
	file := write(t, t.TempDir(), "digestbot.toml", "\nrate = 20\nadmins = [7]\ncatch-up = \"36h\"\n")
	o := inForce(t, []string{"DIGESTBOT_CONFIG=" + file, "DIGESTBOT_ADMINS=8,9", "DIGESTBOT_TOKEN=" + fakeToken}, "--timezone=UTC", "--welcome=Hi")
	got := map[string]settings.Shown{}
	for _, s := range o.Settings {
		got[s.Name] = s
	}
	for _, want := range []settings.Shown{
		{Name: "rate", Value: 20.0, Origin: settings.Origin{Kind: settings.FromFile, Name: file, Line: 2}},
		{Name: "catch-up", Value: "36h", Origin: settings.Origin{Kind: settings.FromFile, Name: file, Line: 4}},
		{Name: "admins", Value: []any{"8", "9"}, Origin: settings.Origin{Kind: settings.FromVariable, Name: "DIGESTBOT_ADMINS"}},
		{Name: "timezone", Value: "UTC", Origin: settings.Origin{Kind: settings.FromFlag, Name: "--timezone"}},
		{Name: "welcome", Value: []any{"Hi"}, Origin: settings.Origin{Kind: settings.FromFlag, Name: "--welcome"}},
		{Name: "keep-deliveries", Value: "2160h", Origin: settings.Origin{Kind: settings.FromDefault}},
		{Name: "approve", Value: false, Origin: settings.Origin{Kind: settings.FromDefault}},
		{Name: "public-url", Value: "", Origin: settings.Origin{Kind: settings.FromNothing}},
	} {
		if diff := gocmp.Diff(want, got[want.Name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", want.Name, diff)
		}
	}
	want := []settings.ShownSecret{
		{Name: "token", Origin: settings.Origin{Kind: settings.FromVariable, Name: "DIGESTBOT_TOKEN"}},
		{Name: "webhook-secret", Origin: settings.Origin{Kind: settings.FromNothing}},
		{Name: "ping-url", Origin: settings.Origin{Kind: settings.FromNothing}},
	}
	if diff := gocmp.Diff(want, o.Secrets); diff != "" || o.File != file {
		t.Errorf("file %s, and secrets (-want +got):\n%s", o.File, diff)
	}
}

// What is printed is a file that sets the same.
func TestConfigCanBePasted(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("issues", 0o700); err != nil {
		t.Fatal(err)
	}
	args := []string{
		"--rate=20", "--admins=7,8", "--approve", "--catch-up=1w2d", "--source=issues", "--source=https://example.org/feed.xml digest title='A \"week\"'",
		"--welcome=en=Hello, \\you", "--welcome=你好", "--include=*.md", "--include=!a,b*", "--timezone=Europe/Berlin", "--replies=-1001234567890/12", "--keep-deliveries=0s",
	}
	printed := runWithToken(t, append([]string{"config"}, args...)...)
	if printed.failure != nil {
		t.Fatal(printed.failure)
	}
	mustContain(t, "config", printed.out, "rate = 20 ", "# --rate\n", `catch-up = "216h"`, "# token: in DIGESTBOT_TOKEN\n", "# public-url = \"\"")
	values := func(o settings.Overview) map[string]any {
		all := map[string]any{}
		for _, s := range o.Settings {
			all[s.Name] = s.Value
		}
		return all
	}
	environ := []string{"DIGESTBOT_TOKEN=" + fakeToken}
	pasted := inForce(t, environ, "--config", write(t, t.TempDir(), "pasted.toml", printed.out))
	if diff := gocmp.Diff(values(inForce(t, environ, args...)), values(pasted)); diff != "" {
		t.Errorf("pasted, it sets something else (-printed +pasted):\n%s\nof\n%s", diff, printed.out)
	}
}

// No secret is printed, wherever it was written.
func TestConfigHidesSecrets(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "token", fakeToken)
	write(t, dir, "webhook-secret", "hush-hush")
	environ := []string{
		"CREDENTIALS_DIRECTORY=" + dir, "DIGESTBOT_WELCOME=" + fakeToken, "DIGESTBOT_API_URL=http://ada:hush-hush@localhost:8081",
		"DIGESTBOT_SOURCE=https://hush-hush@example.org/@ada/feed.xml", "DIGESTBOT_WEBHOOK_URL=https://example.org/x", "DIGESTBOT_LISTEN=:8080",
	}
	for _, form := range []string{"--json=false", "--json"} {
		got := runWith(t, environ, "", "config", form)
		hasNoToken(t, got.out, got.err)
		if strings.Contains(got.out+got.err, "hush-hush") || got.failure != nil {
			t.Errorf("config %s: %v, and a secret is in\n%s%s", form, got.failure, got.out, got.err)
		}
		mustContain(t, "config "+form, got.out, "http://***@localhost:8081", "https://***@example.org/@ada/feed.xml", filepath.Join(dir, "token"), filepath.Join(dir, "webhook-secret"))
	}
	text := runWith(t, environ, "", "config").out
	mustContain(t, "config", text, "\n# api-url = ", "\n# welcome = [\"***\"]", "# token: in "+filepath.Join(dir, "token")+" (the systemd credential token)\n")
}

// Nor is one in an address that is written wrong, or a key in its query.
func TestConfigHidesSecretsInAddresses(t *testing.T) {
	for setting, want := range map[string]string{
		"PROXY=http://name:hu@sh@proxy:3128":                "http://***@proxy:3128",
		"PROXY=http://name:hu/sh@proxy:3128":                "http://***@proxy:3128",
		"PROXY=http://name:12/hush@proxy:3128":              "http://***@proxy:3128",
		"PROXY=name:hu/sh@proxy:3128":                       "***@proxy:3128",
		"API_URL=http://name:hu/sh@localhost:8081":          "http://***@localhost:8081",
		"API_URL=http://localhost:8081?hush":                "http://localhost:8081?***",
		"WEBHOOK_URL=https://name:hu/sh@example.org/x":      "https://***@example.org/x",
		"PUBLIC_URL=https://name:hu/sh@example.org/":        "https://***@example.org/",
		"SOURCE=https://name:hu/sh@example.org/f":           "https://***@example.org/f",
		"SOURCE=https://hush@example.org/f digest":          "https://***@example.org/f digest",
		"SOURCE=https://example.org/f?key=hush every=day":   "https://example.org/f?*** every=day",
		"SOURCE=https://example.org/@ada/f?mail=hush@x.org": "https://example.org/@ada/f?***",
		"SOURCE=issues\nexample.org/f?key=hush":             "example.org/f?***",
	} {
		for _, form := range []string{"--json=false", "--json"} {
			got := runWith(t, []string{"DIGESTBOT_" + setting}, "", "config", form)
			all := got.out + got.err
			if got.failure != nil {
				all += got.failure.Error()
			}
			for _, secret := range []string{"hush", "hu@", "hu/", "sh@", "name:"} {
				if strings.Contains(all, secret) {
					t.Errorf("config %s of %s: %q is in\n%s", form, setting, secret, all)
				}
			}
			mustContain(t, "config "+form, got.out, want)
		}
	}
}

// What is wrong is said, with what is in force. Who may not read the token may look at the rest.
func TestConfigSaysWhatIsWrong(t *testing.T) {
	got := runWith(t, nil, "", "config", "--rate=0", "--timezone=Mars")
	mustFail(t, "config", got, "--rate (DIGESTBOT_RATE): 0", "--timezone")
	mustContain(t, "config", got.out, "rate = 0 ", "# token: not set\n")
	if exitCode(got.failure) != exitSettings || strings.Contains(got.failure.Error(), "BotFather") {
		t.Errorf("it ends with %d, %v", exitCode(got.failure), got.failure)
	}
	if o := inForce(t, nil, "--rate=0"); len(o.Mistakes) != 1 || !strings.Contains(o.Mistakes[0], "--rate") || len(o.Warnings) != 0 {
		t.Errorf("mistakes %q, warnings %q, want the rate", o.Mistakes, o.Warnings)
	}
	warned := runWith(t, nil, "", "config")
	if warned.failure != nil || !strings.Contains(warned.err, "warning: there are no admins") {
		t.Errorf("config: %v, and %q, want a warning that there are no admins", warned.failure, warned.err)
	}
}

// The example has every setting, in the form that the program reads.
func TestExampleNamesEverySetting(t *testing.T) {
	const file = "deploy/digestbot.example.toml"
	printed := runWith(t, nil, "", "config", "--example")
	if diff := gocmp.Diff(readText(t, file), printed.out); diff != "" || printed.failure != nil {
		t.Errorf("%v; write %s anew with go run . config --example (-file +printed):\n%s", printed.failure, file, diff)
	}
	all := regexp.MustCompile(`(?m)^#([^ ]| {2}"|\])`).ReplaceAllString(printed.out, "$1")
	dir := t.TempDir()
	write(t, dir, "token", fakeToken)
	o := inForce(t, nil, "--config", write(t, dir, "digestbot.toml", all))
	for _, s := range o.Settings {
		if s.Origin.Kind != settings.FromFile {
			t.Errorf("%s is not in the example: %+v", s.Name, s)
		}
	}
	if len(o.Settings) < 25 {
		t.Errorf("%d settings are in it", len(o.Settings))
	}
}
