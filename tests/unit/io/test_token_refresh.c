#include "token_rig.h"

/* ---- by refresh token: kept, rotated, shared by two processes ------------ */

static void
refresh_is(const char *want)
{
	struct cd_err err = { "" };
	char *s;
	size_t n;

	assert_int_equal(secret_read(path_in("refresh"), &s, &n, &err), CD_OK);
	assert_string_equal(s, want);
	secret_free(&s, n);
}

static void
test_refresh_token(void **state)
{
	static const char rotated[] = "{\"access_token\":\"tok-2\","
	    "\"expires_in\":\"3600\",\"refresh_token\":\"new-refresh\"}";
	struct rig r;

	(void)state;
	file_put("refresh", "old-refresh\n");
	rig_up(&r, FLOW_REFRESH_TOKEN, 200, GOOD);
	get_ok(&r, NOW, "tok-1");
	assert_string_equal(form_value(r.p.seen->text, "grant_type"),
	    "refresh_token");
	assert_string_equal(form_value(r.p.seen->text, "refresh_token"),
	    "old-refresh");
	refresh_is("old-refresh");
	rig_down(&r);

	rig_up(&r, FLOW_REFRESH_TOKEN, 200, rotated);
	get_ok(&r, NOW, "tok-2");
	refresh_is("new-refresh");
	assert_null(token_trouble(r.t));
	get_ok(&r, NOW + 3599, "tok-2");
	assert_string_equal(form_value(r.p.seen->text, "refresh_token"),
	    "new-refresh");
	rig_down(&r);
}

/* The new one is used although it cannot be stored, and somebody is told. */
static void
test_refresh_not_stored(void **state)
{
	static const char rotated[] = "{\"access_token\":\"tok-2\","
	    "\"expires_in\":3600,\"refresh_token\":\"newer\"}";
	struct rig r;

	(void)state;
	file_put("refresh", "old-refresh\n");
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder, 1), 0);
	rig_up(&r, FLOW_REFRESH_TOKEN, 200, rotated);
	r.c.oauth2.refresh_token_file = "refresh";
	get_ok(&r, NOW, "tok-2");
	refresh_is("old-refresh");
	assert_non_null(strstr(token_trouble(r.t), "could not be stored"));
	get_ok(&r, NOW + 3599, "tok-2");
	assert_string_equal(form_value(r.p.seen->text, "refresh_token"),
	    "newer");
	rig_down(&r);
	unsetenv("CREDENTIALS_DIRECTORY");
}

/* Each refresh token ("r-0", "r-1" ...) is good once, and takes a while. */
static void
serve_once(struct peer_line *l, const void *script, struct peer_seen *seen)
{
	char line[2048], body[256], head[128];
	size_t n = 0;

	(void)script;
	while (peer_gets(l, line, sizeof line)) {
		static char form[8192];
		int number = -1, current;

		while (peer_gets(l, line, sizeof line) && *line)
			sscanf(line, "Content-Length: %zu", &n);
		for (size_t i = 0; i < n && i + 1 < sizeof form; i++)
			form[i] = (char)peer_get(l);
		form[n] = '\0';
		sscanf(form_value(form, "refresh_token"), "r-%d", &number);
		current = number;
		if (__atomic_compare_exchange_n(&seen->ends, &current,
			number + 1, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			snprintf(body, sizeof body, "{\"access_token\":"
			    "\"tok-%d\",\"expires_in\":3600,"
			    "\"refresh_token\":\"r-%d\"}", number, number + 1);
		else
			snprintf(body, sizeof body,
			    "{\"error\":\"invalid_grant\"}");
		usleep(20000);
		snprintf(head, sizeof head, "HTTP/1.1 %d X\r\n"
		    "Content-Length: %zu\r\n\r\n",
		    strstr(body, "error") ? 400 : 200, strlen(body));
		peer_puts(l, head);
		peer_puts(l, body);
	}
}

/* Two roles with one refresh token: never do both ask with the same one. */
static void
test_refresh_of_two_processes(void **state)
{
	struct peer p;
	char url[64];
	pid_t child[2];
	int status;

	(void)state;
	file_put("refresh", "r-0\n");
	peer_start(&p, 0, serve_once, NULL);
	snprintf(url, sizeof url, "http://127.0.0.1:%d", p.port);
	for (int k = 0; k < 2; k++) {
		struct config c;
		struct token *t;
		struct cd_err err = { "" };
		const char *bearer;

		child[k] = fork();
		if (child[k] != 0)
			continue;
		setup_config(&c, FLOW_REFRESH_TOKEN, url);
		if (token_new(&c, &t, &err) != CD_OK)
			_exit(1);
		for (int i = 0; i < 8; i++) {
			token_forget(t);
			if (token_get(t, NOW, &bearer, &err) != CD_OK) {
				fprintf(stderr, "%s\n", err.text);
				_exit(1);
			}
		}
		_exit(token_strikes(t));
	}
	for (int k = 0; k < 2; k++) {
		assert_int_equal(waitpid(child[k], &status, 0), child[k]);
		assert_int_equal(status, 0);
	}
	refresh_is("r-16");
	peer_stop(&p);
}

/* Refused: what a person puts into the file counts, not what was kept. */
static void
test_refresh_renewed_by_hand(void **state)
{
	struct rig r;
	struct cd_err err = { "" };
	const char *bearer;

	(void)state;
	file_put("refresh", "old-refresh\n");
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder, 1), 0);
	rig_up(&r, FLOW_REFRESH_TOKEN, 200, "{\"access_token\":\"tok-2\","
	    "\"expires_in\":3600,\"refresh_token\":\"newer\"}");
	r.c.oauth2.refresh_token_file = "refresh";
	get_ok(&r, NOW, "tok-2");
	peer_stop(&r.p);
	r.script = (struct script){ 400, "{\"error\":\"invalid_grant\"}" };
	peer_start(&r.p, 0, serve, &r.script);
	snprintf(r.url, sizeof r.url, "http://127.0.0.1:%d", r.p.port);
	token_forget(r.t);
	assert_int_equal(token_get(r.t, NOW, &bearer, &err), CD_REFUSED);
	assert_string_equal(form_value(r.p.seen->text, "refresh_token"),
	    "newer");
	file_put("refresh", "by hand\n");
	assert_int_equal(token_get(r.t, NOW, &bearer, &err), CD_REFUSED);
	assert_string_equal(form_value(r.p.seen->text, "refresh_token"),
	    "by hand");
	rig_down(&r);
	unsetenv("CREDENTIALS_DIRECTORY");
}

static int
folder_make(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/cd-refresh-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	file_put("secret", "s3cret\n");
	return 0;
}

static int
folder_remove(void **state)
{
	(void)state;
	unlink(path_in("refresh"));
	unlink(path_in("secret"));
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refresh_token),
		cmocka_unit_test(test_refresh_not_stored),
		cmocka_unit_test(test_refresh_of_two_processes),
		cmocka_unit_test(test_refresh_renewed_by_hand),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
