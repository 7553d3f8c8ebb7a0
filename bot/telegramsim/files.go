package telegramsim

import (
	"mime"
	"net/http"
	"path"
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
