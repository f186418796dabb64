// What listmonk does to a campaign, with the engine that it runs: Go's html/template with Sprig, over HTML and plain text alike.
//
// It reads a line of JSON per letter, {"template": …, "subscriber": …, "urls": …}, and writes one, {"rendered": …} or {"error": …}.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"html/template"
	"os"
	"regexp"

	"github.com/Masterminds/sprig"
)

type subscriber struct {
	Email, Name, FirstName, LastName string
	Attribs                          map[string]any
}

type data struct {
	Subscriber subscriber
}

type letter struct {
	Template   string
	Subscriber subscriber
	Urls       map[string]string
}

// Its documented short forms: a function without arguments gets the data.
var short = regexp.MustCompile(`{{(\s+)?(TrackView|UnsubscribeURL|ManageURL|OptinURL|MessageURL|ArchiveURL)(\s+)?}}`)

func render(given letter) (string, error) {
	functions := sprig.GenericFuncMap()
	functions["Safe"] = func(text string) template.HTML { return template.HTML(text) }
	for name, url := range given.Urls {
		address := url
		functions[name] = func(any) string { return address }
	}
	source := short.ReplaceAllString(given.Template, "{{ $2 . }}")
	parsed, err := template.New("letter").Funcs(functions).Parse(source)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	err = parsed.Execute(&out, data{given.Subscriber})
	return out.String(), err
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		var given letter
		answer := map[string]string{}
		if err := json.Unmarshal(lines.Bytes(), &given); err != nil {
			answer["error"] = err.Error()
		} else if rendered, err := render(given); err != nil {
			answer["error"] = err.Error()
		} else {
			answer["rendered"] = rendered
		}
		out.Encode(answer)
	}
}
