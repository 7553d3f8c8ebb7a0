package delivery

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// serverError is a 5xx that Telegram itself answers, or its front, which has the
// same form. A proxy's page is none.
type serverError struct {
	code        int
	description string
}

// Error implements error.
func (e *serverError) Error() string {
	return fmt.Sprintf("Telegram answers %d, %s", e.code, e.description)
}

// faultOf is the error that a 5xx answer stands for.
func faultOf(status int, body []byte) error {
	var answer struct {
		OK          bool   `json:"ok"`
		Code        int    `json:"error_code"`
		Description string `json:"description"`
	}
	err := json.Unmarshal(body, &answer)
	switch {
	case err == nil && !answer.OK && answer.Code >= http.StatusInternalServerError && answer.Description != "":
		return &serverError{code: answer.Code, description: answer.Description}
	case status == http.StatusGatewayTimeout:
		return errNoAnswer
	}
	return fmt.Errorf("%w: status %d", errNotDone, status)
}

// serverFaults are the words of a 500 that say what became of the request, in lower
// case. The sources are named as those of refusals.
var serverFaults = []struct {
	text string
	kind Kind
}{
	{"sent message was immediately deleted", Sent}, // Client.cpp:18066: by a bot that watches over the chat
	{"request aborted", Uncertain},                 // MessagesManager.cpp:10430: the server stops, with messages on their way
	{"as sent message", Uncertain},                 // MessagesManager.cpp:27697-27719: posted, but under an id that makes no sense
	{"receive invalid response", Uncertain},        // MessagesManager.cpp:2182
}

// outcome is what the answer means. In other words than those that are known, such
// as "restart" (Client.cpp:16296), nothing was done. Only a 500 is the server's own
// (Client.cpp:174): a 502 or 504 comes from what stands before it.
func (e *serverError) outcome() Outcome {
	lower := strings.ToLower(e.description)
	for _, f := range serverFaults {
		if strings.Contains(lower, f.text) {
			return Outcome{Kind: f.kind, Reason: e.description, Answered: true}
		}
	}
	if e.code == http.StatusGatewayTimeout {
		return Outcome{Kind: Uncertain, Reason: noAnswer}
	}
	return Outcome{Kind: Later, Reason: e.description, Answered: e.code == http.StatusInternalServerError}
}
