package roster

import "io"

// Write writes people in a format.
func Write(w io.Writer, people []Person, format Format) error {
	out, err := newWriter(w, format)
	for i := range people {
		if err == nil {
			err = out.write(&people[i])
		}
	}
	if err != nil {
		return err
	}
	return out.close()
}
