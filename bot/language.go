package bot

// CheckLanguage tells whether there are texts in the language with that BCP 47
// tag; the error names the languages there are.
func CheckLanguage(tag string) error {
	_, err := newCatalog(tag)
	return err
}
