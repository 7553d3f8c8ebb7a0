package delivery

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// A lost connection must not take other messages with it.
func TestEachRequestHasAConnectionOfItsOwn(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Proto) // the client notices if it fails
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	base := transport()
	base.TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	base.TLSClientConfig.NextProtos = nil
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := NewClient(&http.Client{Transport: base}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if proto, err := io.ReadAll(response.Body); err != nil || string(proto) != "HTTP/1.1" {
		t.Errorf("the server was spoken to in %q (%v), want HTTP/1.1", proto, err)
	}
}
