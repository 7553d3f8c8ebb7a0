package fetch

// IsPrivate is for the tests of public addresses, which are not to be connected to.
var IsPrivate = isPrivate
