package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
)

// The whole conversation goes through the proxy: no other way leads to a host that
// does not exist.
func TestProxies(t *testing.T) {
	for _, scheme := range []string{"http", "socks5", "socks5h"} {
		t.Run(scheme, func(t *testing.T) {
			sim := telegramsim.ForTest(t, telegramsim.Options{Token: fakeToken})
			defer sim.Close()
			server := httptest.NewServer(sim) // which does not mind being asked as a proxy is
			defer server.Close()
			proxy := server.Listener.Addr().String()
			if scheme != "http" {
				proxy = socksProxy(t, proxy)
			}
			reader := sim.NewPerson("Ann", telegramsim.Language("en"))
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() {
				done <- run(ctx, []string{"--api-url", "http://bot-api.invalid", "--database", filepath.Join(t.TempDir(), "test.db")},
					[]string{"DIGESTBOT_TOKEN=" + fakeToken, "ALL_PROXY=" + scheme + "://" + proxy}, stdio{strings.NewReader(""), io.Discard, t.Output()})
			}()
			limited, stop := context.WithTimeout(ctx, time.Minute)
			defer stop()
			reader.Write("/help")
			waitFor(limited, t, sim, reader, "What I can do")
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
}

// socksProxy serves SOCKS 5 (RFC 1928): whatever host it is asked for, by name, it
// connects to the target. It returns its address.
func socksProxy(t *testing.T, target string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if err := serveSocks(conn, target); err != nil {
					t.Error(err)
				}
			}()
		}
	}()
	return listener.Addr().String()
}

func serveSocks(conn net.Conn, target string) error {
	hello := make([]byte, 2) // version, number of ways to authenticate
	if _, err := io.ReadFull(conn, hello); err != nil {
		return err
	}
	if _, err := io.CopyN(io.Discard, conn, int64(hello[1])); err != nil {
		return err
	}
	if _, err := conn.Write([]byte{5, 0}); err != nil { // no authentication
		return err
	}
	head := make([]byte, 5) // version, command, reserved, kind of address, length of the name
	if _, err := io.ReadFull(conn, head); err != nil {
		return err
	}
	name := make([]byte, int(head[4])+2) // with the port
	if _, err := io.ReadFull(conn, name); err != nil {
		return err
	}
	port := binary.BigEndian.Uint16(name[head[4]:])
	if host := string(name[:head[4]]); head[1] != 1 || head[3] != 3 || host != "bot-api.invalid" || port != 80 {
		return fmt.Errorf("asked for %v %s:%d, want a connection to bot-api.invalid:80", head, host, port)
	}
	if _, err := conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0}); err != nil { // connected
		return err
	}
	server, err := net.Dial("tcp", target)
	if err != nil {
		return err
	}
	defer server.Close()
	go func() {
		_, _ = io.Copy(server, conn) // either side may end it
		_ = server.(*net.TCPConn).CloseWrite()
	}()
	_, _ = io.Copy(conn, server)
	return nil
}
