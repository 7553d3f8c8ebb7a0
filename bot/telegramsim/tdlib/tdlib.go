//go:build unix

// Package tdlib calls Telegram's own parser. TDLib is Telegram's library for clients, and its
// Bot API server reads messages with it. The functions that are called here need no account
// and no network. Only tests import this package:
//
//	npm install --prefix DIR prebuilt-tdlib
//	DIGESTBOT_TDLIB=DIR go test ./... -run TestTelegramsOwnParser
//
// The functions are described in td_api.tl, github.com/tdlib/td/blob/master/td/generate/scheme.
package tdlib

/*
#cgo linux LDFLAGS: -ldl
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

// The answer belongs to the library and to the thread that asked, so it is copied at once.
static char *execute(void *function, const char *request) {
	const char *answer = ((const char *(*)(const char *))function)(request);
	return answer ? strdup(answer) : NULL;
}
*/
import "C"

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"unsafe"
)

// dirVariable names the folder that npm installed prebuilt-tdlib into.
const dirVariable = "DIGESTBOT_TDLIB"

// Library is TDLib, loaded. It may be used by several goroutines at once.
type Library struct {
	execute unsafe.Pointer // td_execute
}

// Open loads the library. If it is not installed, the test is skipped. If a folder is named
// and does not have it, the test fails.
func Open(tb testing.TB) *Library {
	tb.Helper()
	dir := os.Getenv(dirVariable)
	if dir == "" {
		tb.Skipf("%s is not set: see the package comment of bot/telegramsim/tdlib", dirVariable)
	}
	pattern := filepath.Join(dir, "node_modules", "@prebuilt-tdlib", "*", "libtdjson.*")
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		tb.Fatalf("no TDLib at %s: %v", pattern, err)
	}
	l, err := load(paths[0])
	if err != nil {
		tb.Fatalf("load %s: %v", paths[0], err)
	}
	if err := l.call(map[string]any{"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}, nil); err != nil {
		tb.Fatal(err)
	}
	return l
}

func load(path string) (*Library, error) {
	name, symbol := C.CString(path), C.CString("td_execute")
	defer C.free(unsafe.Pointer(name))
	defer C.free(unsafe.Pointer(symbol))
	handle := C.dlopen(name, C.RTLD_NOW)
	if handle == nil {
		return nil, fmt.Errorf("dlopen: %s", C.GoString(C.dlerror()))
	}
	function := C.dlsym(handle, symbol)
	if function == nil {
		return nil, fmt.Errorf("dlsym: %s", C.GoString(C.dlerror()))
	}
	return &Library{execute: function}, nil
}

// Error is a refusal in Telegram's words.
type Error string

func (e Error) Error() string { return string(e) }

// call runs one of the library's functions that answer at once.
func (l *Library) call(request, answer any) error {
	encoded, err := json.Marshal(request)
	if err != nil {
		return err
	}
	text := C.CString(string(encoded))
	defer C.free(unsafe.Pointer(text))
	answered := C.execute(l.execute, text)
	defer C.free(unsafe.Pointer(answered))
	raw := []byte(C.GoString(answered))
	var refused struct {
		Type    string `json:"@type"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(raw, &refused); err != nil {
		return fmt.Errorf("answer of TDLib %q: %w", raw, err)
	}
	if refused.Type == "error" {
		return Error(refused.Message)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(raw, answer)
}
