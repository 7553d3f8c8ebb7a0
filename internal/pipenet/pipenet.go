// Package pipenet connects clients and servers of tests without sockets, so that they live by
// the clock of a bubble of testing/synctest:
//
//	network := pipenet.New()
//	go server.Serve(network)
//	conn, err := network.Dial(ctx, "tcp", "example.org:80")
package pipenet

import (
	"context"
	"net"
	"sync"
)

// Network is a listener, and the way to it. It is safe for concurrent use.
type Network struct {
	connections chan net.Conn
	once        sync.Once
	closed      chan struct{}
}

// New returns a network that listens.
func New() *Network {
	return &Network{connections: make(chan net.Conn), closed: make(chan struct{})}
}

// Dial connects to the listener, whatever the address. It fails with [net.ErrClosed] once that
// is closed.
func (n *Network) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case n.connections <- theirs:
		return ours, nil
	case <-n.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept implements [net.Listener].
func (n *Network) Accept() (net.Conn, error) {
	select {
	case conn := <-n.connections:
		return conn, nil
	case <-n.closed:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener].
func (n *Network) Close() error {
	n.once.Do(func() { close(n.closed) })
	return nil
}

// Addr implements [net.Listener].
func (n *Network) Addr() net.Addr { return &net.TCPAddr{} }
