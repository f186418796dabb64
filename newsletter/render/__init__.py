"""An issue becomes what readers get: e-mail, plain text, web page and feed text, each from the same parts."""
