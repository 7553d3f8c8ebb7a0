package delivery_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// stub answers every request at once, without a network.
type stub struct{}

func (stub) Do(r *http.Request) (*http.Response, error) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return nil, err
	}
	const accepted = `{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"}}}`
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(accepted)), Request: r,
	}, nil
}

// BenchmarkClientLibrary measures what the client library itself costs: to build the
// request of a message, and to read the answer.
func BenchmarkClientLibrary(b *testing.B) {
	api, err := tg.New("1:benchmark", tg.WithSkipGetMe(), tg.WithHTTPClient(time.Minute, stub{}))
	if err != nil {
		b.Fatal(err)
	}
	text := strings.Repeat("Two or three sentences tell what it is about. ", 20)
	busy := processorTime(b)
	n := 0
	for b.Loop() {
		if _, err := api.SendMessage(b.Context(), &tg.SendMessageParams{
			ChatID: int64(1_000_000), Text: text, ParseMode: models.ParseModeHTML,
			LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: tg.True()},
		}); err != nil {
			b.Fatal(err)
		}
		n++
	}
	b.ReportMetric(float64((processorTime(b)-busy).Microseconds())/float64(n), "processor-µs/message")
}
