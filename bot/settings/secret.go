package settings

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"digestbot/bot/ping"
)

// secret says where a secret may be. Most have no flag of their own, because everybody on the
// machine can see command lines, and no key in the file of settings, which gets copied.
type secret struct {
	setting    string // holds it; empty: none does
	flag       string // names a file with it
	variable   string
	credential string // of systemd: LoadCredential=
	docker     string // file of Docker's secret
}

var (
	tokenSecret = secret{
		flag: "token-file", variable: tokenVariable, credential: "token", docker: "/run/secrets/digestbot_token",
	}
	webhookSecret = secret{
		flag: "webhook-secret-file", variable: secretVariable, credential: "webhook-secret", docker: "/run/secrets/digestbot_webhook_secret",
	}
	// Whoever knows it can say that all is well, and no more. So it has a flag and a key as well.
	pingSecret = secret{
		setting: "ping-url", flag: "ping-url-file", variable: Variable("ping-url"), credential: "ping-url", docker: "/run/secrets/digestbot_ping_url",
	}
)

// credentials is systemd's variable for the folder of the credentials of a unit.
const credentials = "CREDENTIALS_DIRECTORY"

// secretPlace is where a secret was found.
type secretPlace struct {
	label  string // with which errors begin; empty: there is none
	origin Origin
	file   string // empty: it is in the variable
}

// place returns where a secret is. A file that was named for this run, or in the environment,
// wins over the variable, because it is the more deliberate choice; the variable wins over the
// file of settings, as all variables do; and what the system passes by itself comes last.
func (c Config) place(env Environment, s secret) secretPlace {
	named := map[string]string{tokenSecret.flag: c.TokenFile, webhookSecret.flag: c.WebhookSecretFile, pingSecret.flag: c.PingURLFile}[s.flag]
	given := c.Origins[s.setting]
	byFile := secretPlace{label: c.label(s.flag), origin: c.Origins[s.flag], file: named}
	inFile := byFile.origin.Kind == FromFile
	switch {
	case given.Kind == FromFlag && c.PingURL != "":
		return secretPlace{label: c.label(s.setting), origin: given}
	case named != "" && !inFile:
		return byFile
	case env[s.variable] != "" && given.Kind != FromFlag:
		return secretPlace{label: s.variable, origin: Origin{Kind: FromVariable, Name: s.variable}}
	case given.Kind == FromFile && c.PingURL != "":
		return secretPlace{label: c.label(s.setting), origin: given}
	case named != "":
		return byFile
	}
	if dir := env[credentials]; dir != "" && isThere(filepath.Join(dir, s.credential)) {
		return passed(Origin{Kind: FromCredential, Name: s.credential}, filepath.Join(dir, s.credential))
	}
	if isThere(s.docker) {
		return passed(Origin{Kind: FromDocker, Name: filepath.Base(s.docker)}, s.docker)
	}
	return secretPlace{origin: Origin{Kind: FromNothing}}
}

func passed(origin Origin, file string) secretPlace {
	return secretPlace{label: origin.String(), origin: origin, file: file}
}

func isThere(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

// secret returns a secret and a label of where it is from, with which errors begin; "": there
// is none.
func (c Config) secret(env Environment, s secret) (text, from string, err error) {
	place := c.place(env, s)
	switch {
	case place.file == "" && s.setting != "":
		return strings.TrimSpace(c.PingURL), place.label, nil
	case place.file == "":
		return strings.TrimSpace(env[s.variable]), place.label, nil
	}
	data, err := readBounded(place.file, maxTokenFile, tokenTimeout)
	if err != nil {
		return "", "", fmt.Errorf("%s: %w: give a file that this user can read, with the secret and nothing else in it", place.label, err)
	}
	from = fmt.Sprintf("%s: %s", place.label, place.file)
	if isUTF16(data) {
		return "", "", fmt.Errorf("%s: %w", from, errUTF16)
	}
	return strings.TrimSpace(strings.TrimPrefix(string(data), "\uFEFF")), from, nil // Notepad writes this, and calls it UTF-8 with BOM
}

// fileWarnings warns of files that others can read or change, and of a secret that does
// nothing.
func (c Config) fileWarnings(env Environment) (all []string) {
	token, hook := c.place(env, tokenSecret), c.place(env, webhookSecret)
	if token.file != "" && readableByOthers(token.file) {
		all = append(all, fmt.Sprintf("everybody on this machine can read the token: chmod 600 %q", token.file))
	}
	if hook.file != "" && readableByOthers(hook.file) {
		all = append(all, fmt.Sprintf("everybody on this machine can read the secret of the webhook: chmod 600 %q", hook.file))
	}
	if c.ConfigFile != "" && writableByOthers(c.ConfigFile) {
		all = append(all, fmt.Sprintf("everybody on this machine can change the settings: chmod o-w %q", c.ConfigFile))
	}
	if (hook.file != "" || hook.label == secretVariable) && c.WebhookURL == "" {
		all = append(all, hook.label+" is set and does nothing without --webhook-url ("+Variable("webhook-url")+")")
	}
	return append(append(all, c.pingWarnings(env)...), c.proxyWarnings()...)
}

// pingWarnings warns of an address of a dead-man's switch that others can read.
func (c Config) pingWarnings(env Environment) []string {
	switch place := c.place(env, pingSecret); {
	case place.file != "" && readableByOthers(place.file):
		return []string{fmt.Sprintf("everybody on this machine can read the address of --ping-url: chmod 600 %q", place.file)}
	case place.origin.Kind == FromFlag:
		return []string{"everybody on this machine can see --ping-url in the list of processes: set " + pingSecret.variable + " or give --" + pingSecret.flag + " instead"}
	case place.origin.Kind == FromFile && place.file == "" && readableByOthers(c.ConfigFile):
		return []string{"everybody on this machine can read ping-url: " + hiding(c.ConfigFile)}
	}
	return nil
}

// pingURL returns the address of the dead-man's switch; nil: there is none.
func (c Config) pingURL(env Environment) (*url.URL, error) {
	text, from, err := c.secret(env, pingSecret)
	switch {
	case err != nil || from == "":
		return nil, err
	case text == "":
		return nil, fmt.Errorf("%s: it is empty: write the address into it, or leave it out", from)
	}
	address, err := ping.ParseAddress(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	return address, nil
}
