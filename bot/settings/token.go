package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io"
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
	errTokenShape = errors.New("this is not a bot token, which is a number, a colon and 35 letters and digits: " +
		"copy it again from @BotFather")
	errUTF16       = errors.New("this is UTF-16, as Windows PowerShell writes: save it as UTF-8")
	errTokenAsFile = errors.New("this is a token and not the name of a file: set DIGESTBOT_TOKEN to it instead")
)

// token returns the bot token. A file wins, because it is the more deliberate choice.
func (c Config) token(env Environment) (string, error) {
	flag := "--token-file (" + Variable("token-file") + ")"
	switch {
	case c.TokenFile == "" && env[tokenVariable] == "":
		return "", errNoToken
	case c.TokenFile == "":
		token := strings.TrimSpace(env[tokenVariable])
		if !isToken(token) {
			return "", fmt.Errorf("%s: %w", tokenVariable, errTokenShape)
		}
		return token, nil
	case isToken(c.TokenFile):
		return "", fmt.Errorf("%s: %w", flag, errTokenAsFile)
	}
	text, err := readToken(c.TokenFile, tokenTimeout)
	if err != nil {
		return "", fmt.Errorf("%s: %w: give a file that this user can read, with the token and nothing else in it", flag, err)
	}
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return "", fmt.Errorf("%s: %s: %w", flag, c.TokenFile, errUTF16)
	}
	token := strings.TrimSpace(strings.TrimPrefix(string(text), "\uFEFF")) // Notepad writes this, and calls it UTF-8 with BOM
	if !isToken(token) {
		return "", fmt.Errorf("%s: %s: %w", flag, c.TokenFile, errTokenShape)
	}
	return token, nil
}

const (
	// maxTokenFile is in bytes, far more than a token has.
	maxTokenFile = 4096
	// tokenTimeout is how long a token may take to arrive, such as through a pipe from a
	// program that asks another machine for it.
	tokenTimeout = 5 * time.Second
)

// readToken reads the file, which may be a pipe as in --token-file <(pass bot). It gives up a
// file that does not end in time. The goroutine stays then: opening a pipe that nobody writes
// to, or a file on a server that is gone, cannot be cut off.
func readToken(name string, patience time.Duration) ([]byte, error) {
	type result struct {
		text []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		text, err := readSome(name)
		done <- result{text, err}
	}()
	select {
	case r := <-done:
		return r.text, r.err
	case <-time.After(patience):
		return nil, fmt.Errorf("%s: nothing has come from it in %s", name, patience)
	}
}

func readSome(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(file, maxTokenFile+1))
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	if len(text) > maxTokenFile {
		return nil, fmt.Errorf("%s: it has more than %d bytes", name, maxTokenFile)
	}
	return text, nil
}

// readableByOthers reports whether everybody on the machine can read a file. Files that the
// system passes to the program, such as Docker's secrets, are under /run and are meant to be
// readable.
func readableByOthers(name string) bool {
	const others = 0o004
	real, err := filepath.EvalSymlinks(name)
	if err != nil || strings.HasPrefix(real, "/run/") {
		return false
	}
	info, err := os.Stat(real)
	return err == nil && info.Mode().IsRegular() && info.Mode()&others != 0
}
