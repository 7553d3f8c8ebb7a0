// Package longtest says how thorough tests are: quick when somebody works on the program, and
// long in CI, or when the variable DIGESTBOT_LONG_TESTS is set. Only tests import it.
//
// .ci/run finds the tests that are to run long by their calls of this package, so these
// stand in functions whose name begins with Test.
package longtest

import (
	"os"
	"testing"
)

// Variable is the environment variable that makes tests long.
const Variable = "DIGESTBOT_LONG_TESTS"

func isLong() bool { return os.Getenv(Variable) != "" }

// Only skips a test that takes too long for every run.
func Only(t testing.TB) {
	t.Helper()
	if !isLong() {
		t.Skipf("takes long: it runs when %s is set, and in CI", Variable)
	}
}

// Rounds returns how often a test that looks for something rare does so: usually, and in a
// long run.
func Rounds[N int | uint64](usual, long N) N {
	if isLong() {
		return long
	}
	return usual
}
