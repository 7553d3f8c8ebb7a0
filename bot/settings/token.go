package settings

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
)

// tokenVariable has no flag: command lines are visible to everybody on the
// machine.
const tokenVariable = prefix + "TOKEN"

// tokenShape is how BotFather's tokens look: the bot's user id and a secret.
var tokenShape = regexp.MustCompile(`[0-9]{5,}:[A-Za-z0-9_-]{30,}`)

// hidden is the same with the colon as it may be written in an address.
var hidden = regexp.MustCompile(`[0-9]{5,}(?::|%3[Aa])[A-Za-z0-9_-]{30,}`)

// HideToken replaces everything that looks like a token, wherever it was
// written by mistake.
func HideToken(text string) string { return hidden.ReplaceAllString(text, "***") }

func isToken(text string) bool { return text != "" && tokenShape.FindString(text) == text }

var (
	errNoToken = errors.New("there is no bot token: get one from @BotFather in Telegram (/newbot), " +
		"then set DIGESTBOT_TOKEN or write it to a file and give --token-file")
	errTokenShape = errors.New("this is not a bot token, which is a number, a colon and 35 letters and digits: " +
		"copy it again from @BotFather")
	errTokenAsFile = errors.New("this is a token and not the name of a file: set DIGESTBOT_TOKEN to it instead")
)

// token returns the bot token. A file is the more deliberate choice and wins.
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
	text, err := os.ReadFile(c.TokenFile)
	if err != nil {
		return "", fmt.Errorf("%s: %w: give a file that this user can read, with the token and nothing else in it", flag, err)
	}
	token := strings.TrimSpace(string(text))
	if !isToken(token) {
		return "", fmt.Errorf("%s: %s: %w", flag, c.TokenFile, errTokenShape)
	}
	return token, nil
}
