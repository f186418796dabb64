<?php
// Twig over lines of JSON, {"template": …, "context": …, "escape": true}: each is answered by {"rendered": …} or {"error": …}.
require_once 'Twig/autoload.php';

while (($line = fgets(STDIN)) !== false) {
    $letter = json_decode($line, true);
    try {
        $twig = new \Twig\Environment(new \Twig\Loader\ArrayLoader(), ['autoescape' => $letter['escape'] ? 'html' : false]);
        $answer = ['rendered' => $twig->createTemplate($letter['template'])->render($letter['context'])];
    } catch (\Twig\Error\Error $error) {
        $answer = ['error' => $error->getMessage()];
    }
    echo json_encode($answer, JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE), "\n";
}
