package telegramsim

import (
	"bytes"
	"image"
	_ "image/gif"  // pictures may be
	_ "image/jpeg" // of these formats
	_ "image/png"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"

	"digestbot/bot/telegramsim/botapi"
)

const maxDownload = 20 << 20 // bytes, core.telegram.org/bots/api#getfile

// file is a file somebody sent.
type file struct {
	Document
	path string
	data []byte
}

type wireFile struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	FileSize     int64  `json:"file_size,omitempty"`
	FilePath     string `json:"file_path,omitempty"`
}

// addFile keeps an upload and gives it an id.
func (st *state) addFile(u botapi.Upload) *Document {
	st.nextFile++
	number := strconv.Itoa(st.nextFile)
	extension := path.Ext(u.Name)
	kind := u.Type
	if kind == "" || kind == "application/octet-stream" {
		kind = mime.TypeByExtension(extension)
	}
	f := &file{
		Document: Document{FileID: "file-" + number, Name: u.Name, MimeType: kind, Size: int64(len(u.Data))},
		path:     "documents/file_" + number + extension,
		data:     u.Data,
	}
	st.files[f.FileID] = f
	return &f.Document
}

func getFile(c *call) (any, error) {
	f := c.sim.state.files[c.form.Text("file_id")]
	switch {
	case f == nil:
		return nil, FileNotFound
	case f.Size > maxDownload:
		return nil, FileTooBig
	}
	return wireFile{f.FileID, "u" + f.FileID, f.Size, f.path}, nil
}

// download serves a file under the path getFile gave.
func (s *Sim) download(path string) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.state.files {
		if f.path == path && f.Size <= maxDownload {
			return answer{status: http.StatusOK, kind: "application/octet-stream", body: f.data}
		}
	}
	return refuse(NotFound)
}

// The bounds of a picture, core.telegram.org/bots/api#sendphoto.
const (
	maxPhoto      = 10 << 20 // bytes
	maxPhotoSides = 10_000   // pixels, width and height together
	maxPhotoRatio = 20       // of width and height
)

// checkPicture refuses an upload that Telegram does not take for a picture.
func checkPicture(data []byte) error {
	if len(data) == 0 {
		return FileEmpty
	}
	if len(data) > maxPhoto {
		return PhotoTooBig
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return PhotoUnreadable
	}
	w, h := size.Width, size.Height
	if w == 0 || h == 0 || w+h > maxPhotoSides || w > maxPhotoRatio*h || h > maxPhotoRatio*w {
		return PhotoDimensions
	}
	return nil
}

// File returns what is in a file that somebody, or the bot, has sent; nil: there is no such file.
func (s *Sim) File(id string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.state.files[id]; f != nil {
		return slices.Clone(f.data)
	}
	return nil
}
