package sender

import (
	"bytes"
	"context"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// SendPhoto answers a person with a picture that is uploaded: a PNG or JPEG whose width and
// height are at most 10,000 in total, and 20 to 1. Photo of params is ignored. ChatID must be
// an int64.
func (s *Sender) SendPhoto(ctx context.Context, params *tg.SendPhotoParams, picture []byte) (m *models.Message, err error) {
	p := *params
	err = s.send(ctx, Interactive, chatOf(params.ChatID), func(ctx context.Context) (err error) {
		p.Photo = &models.InputFileUpload{Filename: "picture.png", Data: bytes.NewReader(picture)} // read by each attempt
		m, err = s.API.SendPhoto(ctx, &p)
		return err
	})
	return m, err
}

// SendDocument answers a person with a file that is uploaded under a name. Document of params
// is ignored. ChatID must be an int64.
func (s *Sender) SendDocument(ctx context.Context, params *tg.SendDocumentParams, name string, data []byte) (m *models.Message, err error) {
	p := *params
	err = s.send(ctx, Interactive, chatOf(params.ChatID), func(ctx context.Context) (err error) {
		p.Document = &models.InputFileUpload{Filename: name, Data: bytes.NewReader(data)}
		m, err = s.API.SendDocument(ctx, &p)
		return err
	})
	return m, err
}
