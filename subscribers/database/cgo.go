//go:build !cgo

package database

// SQLite is written in C. Without a C compiler, or with CGO_ENABLED=0, the build
// fails; this line says in its error why.
var _ = digestbot_needs_cgo__install_gcc_and_set_CGO_ENABLED_to_1
