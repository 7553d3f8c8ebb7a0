package settings

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// tokenVariable has no flag, because everybody on the machine can see command lines.
const tokenVariable = prefix + "TOKEN"

// tokenShape matches the tokens of BotFather: the bot's user id and a secret.
var tokenShape = regexp.MustCompile(`[0-9]{5,}:[A-Za-z0-9_-]{30,}`)

// hidden also matches tokens whose colon is escaped as in an address.
var masked = regexp.MustCompile(`[0-9]{5,}(?::|%3[Aa])[A-Za-z0-9_-]{30,}`)

// MaskTokens replaces everything that looks like a token. A token may be written in the wrong
// place by mistake.
func MaskTokens(text string) string { return masked.ReplaceAllString(text, "***") }

func isToken(text string) bool { return text != "" && tokenShape.FindString(text) == text }

var (
	errNoToken = errors.New("there is no bot token: get one from @BotFather in Telegram (/newbot), " +
		"then set DIGESTBOT_TOKEN or write it to a file and give --token-file")
	// errNoCredential is for units that have an empty credential if there is no file for it.
	errNoCredential = errors.New("there is no bot token in the systemd credential token: get one from @BotFather in Telegram (/newbot), " +
		"and write it to the file that LoadCredential= of the unit names, such as /etc/digestbot/token")
	errTokenShape = errors.New("this is not a bot token, which is a number, a colon and 35 letters and digits: " +
		"copy it again from @BotFather")
	errUTF16       = errors.New("this is UTF-16, as Windows PowerShell writes: save it as UTF-8")
	errTokenAsFile = errors.New("this is a token and not the name of a file: set DIGESTBOT_TOKEN to it instead")
)

// token returns the bot token.
func (c Config) token(env Environment) (string, error) {
	if isToken(c.TokenFile) {
		return "", fmt.Errorf("%s: %w", c.label("token-file"), errTokenAsFile)
	}
	text, from, err := c.secret(env, tokenSecret)
	switch {
	case err != nil:
		return "", err
	case from == "":
		return "", errNoToken
	case text == "" && c.place(env, tokenSecret).origin.Kind == FromCredential:
		return "", errNoCredential
	case !isToken(text):
		return "", fmt.Errorf("%s: %w", from, errTokenShape)
	}
	return text, nil
}

const (
	// maxTokenFile is in bytes, far more than a secret has.
	maxTokenFile = 4096
	// tokenTimeout is how long a secret may take to arrive, such as through a pipe from a
	// program that asks another machine for it.
	tokenTimeout = 5 * time.Second
)

// readableByOthers reports whether everybody on the machine can read a file. Files that the
// system passes to the program, such as Docker's secrets, are under /run and are as they are
// meant.
func readableByOthers(name string) bool { return hasMode(name, 0o004) }

// writableByOthers reports whether everybody on the machine can change a file.
func writableByOthers(name string) bool { return hasMode(name, 0o002) }

func hasMode(name string, bits os.FileMode) bool {
	real, err := filepath.EvalSymlinks(name)
	if err != nil || strings.HasPrefix(real, "/run/") {
		return false
	}
	info, err := os.Stat(real)
	return err == nil && info.Mode().IsRegular() && info.Mode()&bits != 0
}
