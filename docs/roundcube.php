<?php
// Washes an HTML email from stdin as Roundcube does before it shows it, with Roundcube's own classes: php docs/roundcube.php FOLDER < email.html
// FOLDER is where Roundcube is installed. Only its configuration and its session are stood in for.

error_reporting(E_ERROR);
$root = $argv[1];
spl_autoload_register(function ($class) use ($root) {
    $masterminds = '/usr/share/php/' . str_replace('\\', '/', $class) . '.php';
    foreach (["$root/program/lib/Roundcube/$class.php", "$root/program/include/$class.php", $masterminds] as $file) {
        if (is_file($file)) {
            require_once $file;
            return;
        }
    }
});

class rcmail
{
    public $output;
    public $plugins;

    public static function get_instance()
    {
        $rcmail = new self();
        $rcmail->output = new class {
            public function asset_url($path) { return $path; }
            public function add_script() {}
        };
        return $rcmail;
    }
}

require_once "$root/program/lib/Roundcube/bootstrap.php";
error_reporting(E_ERROR);
require_once "$root/program/include/rcmail_action.php";
require_once "$root/program/actions/mail/index.php";

$how = ['safe' => true, 'inline_html' => true, 'css_prefix' => 'v1', 'body_class' => 'rcmBody', 'container_id' => 'message-htmlpart1'];
$body = rcmail_action_mail_index::wash_html(stream_get_contents(STDIN), $how);
echo "<!doctype html><html><head><meta charset=\"utf-8\"><style>body{margin:0}</style></head><body>",
    "<div class=\"message-htmlpart\" id=\"message-htmlpart1\">$body</div></body></html>\n";
