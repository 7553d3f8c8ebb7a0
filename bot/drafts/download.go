package drafts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/digest/document"
)

// downloadLimit is how long a file may take. Documents are small.
const downloadLimit = time.Minute

// errTooLarge: a file is larger than any document.
var errTooLarge = fmt.Errorf("the file is larger than %d MB: give each issue a file of its own", document.MaxSize>>20)

// download gets a file that somebody sent from the Bot API server. The token is in its
// address, so no error has that.
func (d *Drafts) download(ctx context.Context, file *models.Document) ([]byte, error) {
	if file.FileSize > document.MaxSize {
		return nil, errTooLarge
	}
	talk.PassTurn(ctx)
	ctx, cancel := context.WithTimeout(ctx, downloadLimit)
	defer cancel()
	found, err := d.API.GetFile(ctx, &tg.GetFileParams{FileID: file.FileID})
	if err != nil {
		return nil, fmt.Errorf("get file: %w", d.Masked(err))
	}
	if found.FilePath == "" || strings.HasPrefix(found.FilePath, "/") || strings.Contains(found.FilePath, "..") {
		return nil, errors.New("get file: the Bot API server keeps files on its own disk (--local), where I cannot read them: put the document into a folder of --source instead")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.API.FileDownloadLink(found), http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("get file: %w", withoutAddress(err))
	}
	answer, err := d.config.HTTP.Do(request)
	if err != nil {
		return nil, fmt.Errorf("get file: %w", d.Masked(withoutAddress(err)))
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("get file: the Bot API server answers %d %s", answer.StatusCode, http.StatusText(answer.StatusCode))
	}
	return readDocument(answer.Body)
}

// readDocument reads a document to its end, unless it is too large.
func readDocument(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, document.MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("get file: %w", err)
	}
	if len(data) > document.MaxSize {
		return nil, errTooLarge
	}
	return data, nil
}

// withoutAddress returns the error within a *url.Error.
func withoutAddress(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}
