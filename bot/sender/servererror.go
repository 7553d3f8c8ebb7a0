package sender

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"digestbot/subscribers"
)

// serverError is a 5xx answer of Telegram itself, or of the server before it, whose
// answers look the same. The page of a proxy is no serverError.
type serverError struct {
	code        int
	description string
}

// Error implements error.
func (e *serverError) Error() string {
	return fmt.Sprintf("Telegram answers %d, %s", e.code, e.description)
}

// faultOf returns the error that a 5xx answer stands for.
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

// serverFaults are words in a 500 that say what became of the request, in lower case.
// Their sources are named as for refusals.
var serverFaults = []struct {
	text string
	kind Kind
}{
	{"sent message was immediately deleted", Sent}, // Client.cpp:18066: a bot that guards the chat has deleted it
	{"request aborted", Uncertain},                 // MessagesManager.cpp:10430: the server is stopping while messages are on their way
	{"as sent message", Uncertain},                 // MessagesManager.cpp:27697-27719: posted, but with an id that makes no sense
	{"receive invalid response", Uncertain},        // MessagesManager.cpp:2182
}

// response returns what the answer means. If its words are not among serverFaults, such
// as "restart" (Client.cpp:16296), nothing was done. Only a 500 comes from the server
// itself (Client.cpp:174): a 502 or 504 comes from what stands before it.
func (e *serverError) response() Response {
	lower := strings.ToLower(e.description)
	for _, f := range serverFaults {
		if strings.Contains(lower, f.text) {
			return Response{Kind: f.kind, Reason: subscribers.Reason(e.description), Answered: true}
		}
	}
	if e.code == http.StatusGatewayTimeout {
		return Response{Kind: Uncertain, Reason: noAnswer}
	}
	return Response{Kind: Down, Reason: subscribers.Reason(e.description), Answered: e.code == http.StatusInternalServerError}
}
