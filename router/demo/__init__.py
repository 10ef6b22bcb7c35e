"""The demo: an embedded mail server and sixty mails to sort. The only importer of pymap and aiosmtpd."""
