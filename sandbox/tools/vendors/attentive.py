"""Attentive v2: members on and off a segment by job, with the quota in its headers."""

from __future__ import annotations

from sandbox.tools.pace import State, Window
from sandbox.tools.shape import E164, EMAIL, Misfit, a_list, a_text, an_object
from sandbox.tools.tool import Handler
from sandbox.tools.vendor import Vendor
from sandbox.tools.wire import Answer, Request, json_bytes


class Attentive(Vendor):
    name = "attentive"
    secret_variables = ("ATTENTIVE_TOKEN",)
    windows = (Window(100, 1),)

    def routes(self) -> list[tuple[str, str, Handler]]:
        members = "/v2/bulk/segments/members"
        return [
            ("POST", members, lambda request: self._change(request, True)),
            ("DELETE", members, lambda request: self._change(request, False)),
            ("GET", "/v2/bulk/job/([0-9]+)", self._job),
            ("POST", "/v1/privacy/delete-request", self._erase),
            ("GET", "/results/([0-9]+).jsonl", self._results),
        ]

    def error(self, status: int, code: str, message: str, /, **_: str) -> Answer:
        return Answer(status, {"type": code, "message": message})

    def throttled(self, _seconds: int) -> Answer:
        headers = {"x-ratelimit-limit": "100", "x-ratelimit-remaining": "0"}
        return Answer(429, {"type": "rate_limited", "message": "Too many requests."}, headers)

    def pace_headers(self, state: State) -> dict[str, str]:
        return {"x-ratelimit-limit": str(state.window.limit), "x-ratelimit-remaining": str(state.remaining)}

    def _change(self, request: Request, is_added: bool) -> Answer:
        body = self.body_of(request, ("externalId", "members"))
        name = self.fit(lambda: a_text(body["externalId"], "/externalId", 100))
        members = self.fit(lambda: a_list(body["members"], "/members", 10_000))
        keys = self.fit_each(_key, members)
        kept, dropped = request.kept(keys)
        (self.put if is_added else self.drop)(name, kept)
        lines: list[object] = [{"response": {"status": 200}}] * len(kept)
        lines += [{"response": {"status": 400, "error": "invalid_member"}}] * len(dropped)
        with self.store.write() as db:
            made = db.execute("insert into jobs (answer) values (?)", ("PENDING",)).lastrowid
            db.execute(
                "insert into messages values (?, ?)", (made, b"\n".join(map(json_bytes, lines)).decode())
            )
        return Answer(202, {"message": "Bulk job successfully submitted", "batchJobId": str(made)})

    def identify(self, request: Request) -> None:
        """The results lie with a host of files, where an address is enough and our key has no business."""
        if not request.path.startswith("/results/"):
            self.need_bearer(request)
        elif "authorization" in request.headers:
            raise self.refusal(400, "invalid", "One way of signing in is enough.")

    def _results(self, _: Request, job: str) -> Answer:
        lines = str(self.store.value("select body from messages where id = ?", (job,)) or "")
        return Answer(200, lines.encode(), {"Content-Type": "application/jsonl"})

    def _erase(self, request: Request) -> Answer:
        """Taken whether it knew the person or not, and done at once here."""
        kinds = ("subjectEmail", "subjectPhone", "clientUserId")
        body = self.body_of(request, (), (*kinds, "requestMsg"))
        keys = [str(body[kind]) for kind in kinds if body.get(kind)]
        if not keys:
            raise self.refusal(400, "invalid", "subjectEmail or subjectPhone is needed.")
        self.erase(keys)
        return Answer(200, {"id": "123abc", "processed": False, "type": "DELETE"})

    def _job(self, request: Request, job: str) -> Answer:
        """In progress when first asked, completed from then on."""
        status = self.store.value("select answer from jobs where id = ?", (job,))
        if status is None:
            raise self.refusal(404, "not_found", "No such job.")
        following = {"PENDING": "IN_PROGRESS"}.get(str(status), "COMPLETED")
        with self.store.write() as db:
            db.execute("update jobs set answer = ? where id = ?", (following, job))
        url = {"url": f"{request.base_url}/results/{job}.jsonl"} if following == "COMPLETED" else {}
        return Answer(200, {"bulkJobId": job, "status": following, "totalRecords": 1, **url})


def _key(value: object) -> str:
    member = an_object(value, "/members", (), ("email", "phone", "clientUserId"))
    if "email" in member and not EMAIL.fullmatch(str(member["email"])):
        raise Misfit("/members/email", "is no address")
    if "phone" in member and not E164.fullmatch(str(member["phone"])):
        raise Misfit("/members/phone", "is not E.164")
    for kind in ("email", "phone", "clientUserId"):
        if isinstance(member.get(kind), str) and member[kind]:
            return str(member[kind])
    raise Misfit("/members", "needs email, phone or clientUserId")
