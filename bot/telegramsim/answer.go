package telegramsim

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
)

// answer is what the client gets back.
type answer struct {
	status     int
	kind       string // content type
	body       []byte
	length     int // the length that is announced, if it is more than that of the body
	retryAfter int
	cut        cut
	hang       bool // no answer at all, until the client gives up
}

// cut is how a connection ends other than by an answer.
type cut int

const (
	notCut    cut = iota
	cutDial       // no server listens
	cutReset      // reset instead of an answer
	cutClosed     // closed in the middle of, or instead of, an answer
)

func jsonAnswer(status int, v any) answer {
	return answer{status: status, kind: "application/json", body: mustMarshal("answer", v)}
}

// mustMarshal writes a value of our own types as JSON.
func mustMarshal(what string, v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("telegramsim: " + what + " cannot be written: " + err.Error())
	}
	return raw
}

type wireResult struct {
	OK     bool `json:"ok"`
	Result any  `json:"result"`
}

type wireError struct {
	OK          bool            `json:"ok"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  *wireParameters `json:"parameters,omitempty"`
}

type wireParameters struct {
	RetryAfter int   `json:"retry_after,omitempty"`
	MigrateTo  int64 `json:"migrate_to_chat_id,omitempty"`
}

func refuse(err error) answer {
	var (
		refusal Refusal
		full    *apiError
	)
	wire := wireError{}
	switch {
	case errors.As(err, &full):
		refusal = full.Refusal
		wire.Parameters = &wireParameters{RetryAfter: full.retryAfter, MigrateTo: full.migrateTo}
	case errors.As(err, &refusal):
	default:
		refusal = Refusal("Bad Request: " + err.Error())
	}
	wire.Code, wire.Description = refusal.Code(), string(refusal)
	a := jsonAnswer(wire.Code, wire)
	if full != nil {
		a.retryAfter = full.retryAfter
	}
	return a
}

// write sends the answer. Faults of the connection need the connection itself.
func (a answer) write(w http.ResponseWriter, r *http.Request, done <-chan struct{}) {
	if a.hang {
		select {
		case <-r.Context().Done():
		case <-done:
		}
		a.cut = cutClosed
	}
	if a.cut != notCut {
		hangUp(w, a.cut != cutClosed)
		return
	}
	if a.kind != "" {
		w.Header().Set("Content-Type", a.kind)
	}
	w.Header().Set("Content-Length", strconv.Itoa(max(a.length, len(a.body))))
	if a.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(a.retryAfter))
	}
	w.WriteHeader(a.status)
	if _, err := w.Write(a.body); err != nil {
		return // the client is gone
	}
	if a.length > len(a.body) {
		hangUp(w, false)
	}
}

// hangUp closes the connection under an answer, with a reset or in order.
func hangUp(w http.ResponseWriter, reset bool) {
	conn, buffer, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2, or the answer has begun: the server cuts the connection
	}
	if buffered := buffer.Writer; buffered != nil {
		_ = buffered.Flush() // what was written before the cut; if it fails, that is a cut as well
	}
	type lingerer interface{ SetLinger(int) error }
	if tcp, ok := conn.(lingerer); ok && reset {
		_ = tcp.SetLinger(0) // makes Close a reset instead of an orderly end
	}
	_ = conn.Close() // the connection is meant to end
}
