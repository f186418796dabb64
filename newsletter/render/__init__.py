"""An issue becomes what readers get: email, plain text, web page and feed text, each from the same parts."""
