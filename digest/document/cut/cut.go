// Package cut takes out of a document what is around its text, or says what it is for: the
// top and the foot of a mail, the credits at the end, and the line that says which issue it
// is. [Mail], [Credits] and [IssueLine] return the rest, and what is still of use of what
// they took out.
package cut
