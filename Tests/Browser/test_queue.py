"""The queue of alerts as an operations team works it: by keyboard, in several windows, without reloading."""

import csv
import io
import json
import re

from playwright.sync_api import expect

from parry_browser.cases import WindowCase
from parry_browser.database import Sessions
from parry_browser.examine import problems_of
from parry_browser.invitations import Inviter
from parry_browser.shop import Goods, Shop
from parry_browser.stage import Person, new_email
from parry_browser.window import Window
from parry_outside.networks import Sale

NEWS_MILLISECONDS_MAX = 10_000


class QueueCase(WindowCase):
    """A customer of their own for each test, seen by a person of the partner."""

    number = 0

    @classmethod
    def prepare(cls):
        if not hasattr(cls.stage, "shop"):
            cls.stage.furnish()

    def setUp(self):
        type(self).number += 1
        name = f"{type(self).__name__[:4].upper()}{self.number:03}"
        self.api = self.stage.api()
        self.shop = Shop(self.api, Goods(f"Customer {name}", name, "424242", f"{name}CAID0001"))
        self.person = self.stage.people["administrator"]
        self.queue = f"{self.person.home}/alerts?view=open&organisation={self.shop.id}"

    def open_queue(self, path: str = "", **how) -> Window:
        return self.window(how.pop("person", self.person), path or self.queue, **how)

    def rows(self, window: Window):
        return window.page.locator("#queue-body tr[data-id]")

    def current(self, window: Window) -> str | None:
        row = window.page.locator("tr[aria-current=true]")
        return row.get_attribute("data-id") if row.count() else None

    def ids(self, window: Window) -> list[str]:
        return self.rows(window).evaluate_all("rows => rows.map(row => row.dataset.id)")

    def outcome_of(self, alert_id: str) -> str | None:
        return self.shop.alert(alert_id)["transaction_refund_outcome"]


class KeyboardTest(QueueCase):
    def test_the_queue_is_worked_by_keyboard_to_an_empty_screen(self):
        self.shop.open_alerts(4)
        window = self.open_queue()
        order, keys = self.ids(window), window.page.keyboard
        self.assertEqual(len(order), 4)
        outcomes = {}
        for left in range(4, 0, -1):
            expect(self.rows(window)).to_have_count(left)
            if self.current(window) is None:
                keys.press("j")
            alert = self.current(window)
            key, outcomes[alert] = ("r", "REFUNDED") if left % 2 else ("a", "NOT_REFUNDED")
            keys.press(key)
            expect(window.page.locator("#queue-act")).to_be_visible()
            # The button of the confirmation has the focus.
            keys.press("Enter")
            expect(window.page.get_by_role("status").first).to_contain_text("Alerts decided: 1.")
        expect(window.page.locator(".empty")).to_be_visible()
        self.assertEqual({one: self.outcome_of(one) for one in order}, outcomes)
        self.assertEqual(set(outcomes), set(order))

    def test_j_and_k_go_down_and_up_and_enter_opens(self):
        self.shop.open_alerts(3)
        window = self.open_queue()
        ids, keys = self.ids(window), window.page.keyboard
        for key, expected in (("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1), ("k", 0), ("k", 0)):
            keys.press(key)
            self.assertEqual(self.current(window), ids[expected], key)
        keys.press("j")
        keys.press("Enter")
        window.page.wait_for_url(f"**/alerts/{ids[1]}")
        window.page.go_back()
        expect(self.rows(window)).to_have_count(3)
        self.assertEqual(self.current(window), ids[1])

    def test_several_are_chosen_and_confirmed_once_with_money_and_count(self):
        for amount in (1_000, 2_500, 99):
            (sale,) = self.shop.sell(amount=amount)
            self.shop.alert_about(sale)
        window = self.open_queue()
        for key in ("j", "x", "j", "x", "j", "r"):
            window.page.keyboard.press(key)
        form = window.page.locator("#queue-act")
        expect(form).to_be_visible()
        chosen = window.page.locator("#queue-act input[name=id]").count()
        self.assertEqual(chosen, 2)
        self.assertIn("Parry moves no money", window.text)
        money = [self.shop.alert(one)["transaction_amount_in_cents"] for one in
                 form.locator("input[name=id]").evaluate_all("all => all.map(one => one.value)")]  # fmt: skip
        self.assertIn(f"{sum(money) / 100:.2f} USD", window.text)
        form.get_by_role("button", name="Yes, refunded (2)").click()
        expect(window.page.get_by_role("status").first).to_contain_text("Alerts decided: 2.")
        self.assertEqual(len(self.shop.waiting()), 1)

    def test_no_at_the_confirmation_changes_nothing_and_keeps_the_filter(self):
        self.shop.open_alerts(1)
        window = self.open_queue(self.queue + "&sort=newest")
        window.page.keyboard.press("j")
        window.page.keyboard.press("a")
        window.page.get_by_role("link", name="No, back").click()
        expect(self.rows(window)).to_have_count(1)
        self.assertIn("sort=newest", window.path)
        self.assertEqual(len(self.shop.waiting()), 1)

    def test_keys_do_nothing_while_one_types_and_slash_searches(self):
        self.shop.open_alerts(1)
        window = self.open_queue()
        window.page.keyboard.press("/")
        window.page.keyboard.type("jar?x")
        self.assertEqual(window.page.input_value("[data-search]"), "jar?x")
        self.assertIsNone(self.current(window))
        window.page.keyboard.press("Escape")
        window.page.locator("h1").click()
        window.page.keyboard.press("?")
        expect(window.page.get_by_role("dialog")).to_be_visible()
        window.page.get_by_role("button", name="Close").click()
        expect(window.page.get_by_role("dialog")).to_be_hidden()

    def test_a_key_with_nothing_to_decide_says_so(self):
        window = self.open_queue()
        window.page.keyboard.press("r")
        expect(window.page.locator("#queue-news")).to_have_text(
            re.compile("nothing here to decide|Choose an open alert")
        )


class LiveTest(QueueCase):
    def test_a_new_alert_appears_without_reloading_and_what_was_chosen_stays(self):
        self.shop.open_alerts(2)
        window = self.open_queue()
        first = self.ids(window)[0]
        window.page.evaluate("window.wasHere = true")
        window.page.locator(f"tr[data-id={first}] input[name=id]").check()
        made = self.shop.strange_alert()
        expect(window.page.locator(f"tr[data-id={made['id']}]")).to_be_visible(
            timeout=NEWS_MILLISECONDS_MAX
        )
        expect(window.page.locator("#queue-news")).to_have_text("1 new alert.")
        self.assertTrue(window.page.evaluate("window.wasHere"))
        self.assertTrue(window.page.locator(f"tr[data-id={first}] input[name=id]").is_checked())
        self.assertRegex(window.page.title(), r"^TEST · \d+ open · Alerts")

    def test_an_alert_that_another_decides_goes_without_reloading(self):
        (alert, other) = self.shop.open_alerts(2)
        window = self.open_queue()
        expect(self.rows(window)).to_have_count(2)
        self.shop.act(alert, "REFUND")
        expect(self.rows(window)).to_have_count(1, timeout=NEWS_MILLISECONDS_MAX)
        self.assertEqual(self.ids(window), [other["id"]])

    def sees(self, window: Window, alert: dict):
        row = window.page.locator(f"tr[data-id={alert['id']}]")
        expect(row).to_be_visible(timeout=NEWS_MILLISECONDS_MAX)

    def test_a_group_and_an_organisation_hear_of_what_is_theirs_and_of_nothing_else(self):
        people = [self.stage.people[role] for role in ("member", "admin", "standard")]
        windows = [self.open_queue(f"{one.home}/alerts?sort=newest", person=one) for one in people]
        everybodys = self.open_queue()
        before = [set(self.ids(window)) for window in windows]
        asked = []
        for window in windows:
            window.page.evaluate("window.wasHere = true")
            window.page.on("request", lambda one: asked.append(one.url))
        # Another organisation's: all are told in one go, so who has not asked by then never does.
        self.sees(everybodys, self.shop.strange_alert())
        self.assertEqual(asked, [])
        mine = self.stage.shop.strange_alert()
        for window, known in zip(windows, before, strict=True):
            self.sees(window, mine)
            self.assertEqual(set(self.ids(window)) - known, {mine["id"]})
            self.assertTrue(window.page.evaluate("window.wasHere"))

    def member_of_new_group(self) -> tuple[Person, Inviter]:
        """Somebody who sees this customer alone."""
        inviter = Inviter(self.stage.plain_browser(self.stage.operator))
        partner = self.stage.test.id
        group = inviter.new_group(partner, f"Group of {self.shop.goods.name}", [self.shop.id])
        person = Person(new_email("Greta"), "Greta Guest", group)
        link = inviter.to_group(partner, group, person.name, person.email)
        return self.stage.join(link, person), inviter

    def test_a_queue_that_is_taken_away_goes_from_the_screen_with_the_next_alert(self):
        person, inviter = self.member_of_new_group()
        self.shop.open_alerts(1)
        window = self.open_queue(f"{person.home}/alerts", person=person)
        self.sees(window, self.shop.strange_alert())
        group = f"/dashboard/{self.stage.test.id}/people/groups/{person.account}"
        (link,) = [one for one in inviter.browser.open(group).read.links if "/remove?" in one]
        inviter.submit(link, f"{group}/remove")
        secret = self.shop.strange_alert()
        expect(window.page.locator("h1")).to_have_text("Not here", timeout=NEWS_MILLISECONDS_MAX)
        self.assertNotIn(secret["id"], window.page.content())
        self.assertEqual(window.page.locator("tr[data-id]").count(), 0)

    def test_a_queue_of_an_ended_session_asks_to_sign_in_and_comes_back(self):
        person, _ = self.member_of_new_group()
        window = self.open_queue(f"{person.home}/alerts?sort=newest", person=person)
        self.sees(window, self.shop.strange_alert())
        Sessions(self.stage).end(person)
        alert = self.shop.strange_alert()
        window.page.wait_for_url("**/sign-in?*", timeout=NEWS_MILLISECONDS_MAX)
        self.assertEqual(window.page.locator("tr[data-id]").count(), 0)
        window.give_password(person)
        self.sees(window, alert)
        self.assertIn("sort=newest", window.path)


class RaceTest(QueueCase):
    def test_two_windows_race_for_one_alert_one_wins_and_the_other_sees_who(self):
        (alert,) = self.shop.open_alerts(1)
        winner, loser = self.open_queue(), self.open_queue(person=self.stage.operator)
        for window, key in ((winner, "r"), (loser, "a")):
            window.page.keyboard.press("j")
            window.page.keyboard.press(key)
            expect(window.page.locator("#queue-act")).to_be_visible()
        winner.page.keyboard.press("Enter")
        expect(winner.page.get_by_role("status").first).to_contain_text("Alerts decided: 1.")
        loser.page.keyboard.press("Enter")
        expect(loser.page.locator("h1")).to_have_text("Not decided by you")
        self.assertIn(self.person.name, loser.text)
        self.assertIn("REFUND", loser.text)
        self.assertIn("It is no longer open.", loser.text)
        self.assertEqual(self.outcome_of(alert["id"]), "REFUNDED")
        loser.page.get_by_role("link", name=alert["id"][-8:]).click()
        loser.page.wait_for_url(f"**/alerts/{alert['id']}")
        self.assertIn(self.person.name, loser.page.locator(".history").inner_text())

    def test_what_one_cannot_decide_keeps_back_no_other(self):
        (first, second) = self.shop.open_alerts(2)
        window = self.open_queue()
        for box in window.page.locator("input[name=id]").all():
            box.check()
        window.page.locator("button[data-key=r]").click()
        expect(window.page.locator("#queue-act")).to_be_visible()
        self.shop.act(first, "ACCEPT_DISPUTE")
        window.page.keyboard.press("Enter")
        expect(window.page.locator("h1")).to_have_text("1 of 2 decided")
        self.assertEqual(self.outcome_of(second["id"]), "REFUNDED")
        self.assertEqual(self.outcome_of(first["id"]), "NOT_REFUNDED")

    def test_the_same_confirmation_sent_twice_decides_once(self):
        (alert,) = self.shop.open_alerts(1)
        browser = self.stage.plain_browser(self.person)
        queue = browser.open(self.queue)
        shown = browser.post(queue.form("/alerts/confirm").filled(id=alert["id"], action="REFUND"))
        form = shown.form("/alerts/act")
        self.assertEqual(browser.post(form).status, 303)
        again = browser.post(form)
        self.assertEqual(again.status, 200)
        self.assertIn("It was decided as you wished.", again.words)


class FilterTest(QueueCase):
    def test_the_export_is_exactly_what_is_filtered(self):
        alerts = self.shop.open_alerts(3)
        self.shop.act(alerts[0], "REFUND")
        strange = self.shop.strange_alert()
        self.shop.rdr_alert()
        everything = f"?organisation_id={self.shop.id}&limit=1000"
        account = f"{self.person.home}/alerts"
        mine = f"&organisation={self.shop.id}"
        cases = {
            "?view=all" + mine: everything,
            "?view=open" + mine: everything + "&status=ACTION_REQUIRED",
            "?view=resolved" + mine: everything + "&status=RESOLVED",
            f"?view=all&merchant={self.shop.world.merchant_id}":
                everything + f"&merchant_id={self.shop.world.merchant_id}",
            "?view=all&q=9876" + mine: [strange["id"]],
            "?view=all&network=rdr" + mine: None,
            "?view=all&received_from=2020-01-01&received_to=2020-01-02" + mine: [],
        }  # fmt: skip
        window = self.open_queue()
        for query, asked in cases.items():
            with self.subTest(query):
                window.open(account + query)
                shown = set(self.ids(window))
                table, objects = self.download(window, "CSV"), self.download(window, "JSON")
                rows = list(csv.DictReader(io.StringIO(table)))
                listed = json.loads(objects)
                self.assertEqual([row["id"] for row in rows], [one["id"] for one in listed])
                self.assertEqual({row["id"] for row in rows}, shown)
                if isinstance(asked, str):
                    asked = [one["id"] for one in
                             self.api.must(200, "GET", "/v1/alerts" + asked)["items"]]  # fmt: skip
                if asked is not None:
                    self.assertEqual(shown, set(asked))
                self.assert_same_as_api(listed)

    def download(self, window: Window, name: str) -> str:
        with window.page.expect_download() as started:
            window.page.get_by_role("link", name=name, exact=True).click()
        self.assertEqual(started.value.suggested_filename, f"alerts.{name.lower()}")
        return started.value.path().read_bytes().decode()

    def assert_same_as_api(self, listed: list[dict]):
        for one in listed:
            alert = self.shop.alert(one["id"])
            for member in ("status", "transaction_amount_in_cents", "transaction_currency_code",
                           "transaction_statement_descriptor", "alert_received_at", "note"):  # fmt: skip
                self.assertEqual(one[member], alert[member], member)

    def test_filters_stay_in_the_address_and_search_finds(self):
        (sale,) = self.shop.sell(amount=4_711)
        alert = self.shop.alert_about(sale)
        self.shop.strange_alert()
        window = self.open_queue()
        for words in ("47.11", sale.code, alert["id"], alert["alert_network_id"]):
            with self.subTest(words):
                window.page.fill("[data-search]", words)
                window.page.get_by_role("button", name="Show").click()
                expect(self.rows(window)).to_have_count(1)
                self.assertEqual(self.ids(window), [alert["id"]])
                self.assertIn("q=", window.path)
        window.page.reload()
        self.assertEqual(self.ids(window), [alert["id"]])

    def test_the_alerts_of_one_enrolment_are_reached_from_its_page_and_the_filter_can_go(self):
        (mine,) = self.shop.open_alerts(1)
        other = self.shop.rdr_alert()
        enrolment = self.shop.world.enrolment_id
        window = self.open_queue(f"{self.person.home}/enrolments/{enrolment}")
        window.page.get_by_role("link", name="All alerts of this enrolment").click()
        window.page.wait_for_url(f"**/alerts?view=all&enrolment={enrolment}")
        self.assertEqual(self.ids(window), [mine["id"]])
        rows = csv.DictReader(io.StringIO(self.download(window, "CSV")))
        self.assertEqual([row["id"] for row in rows], [mine["id"]])
        # A new row keeps to it, and so does another filter.
        self.shop.rdr_alert()
        made = self.shop.strange_alert()
        expect(window.page.locator(f"tr[data-id={made['id']}]")).to_be_visible(
            timeout=NEWS_MILLISECONDS_MAX
        )
        self.assertEqual(set(self.ids(window)), {mine["id"], made["id"]})
        window.page.select_option("select[name=network]", "ethoca")
        window.page.get_by_role("button", name="Show").click()
        expect(self.rows(window)).to_have_count(2)
        window.page.get_by_role("link", name="Alerts of all enrolments").click()
        window.page.wait_for_url(lambda url: "enrolment=" not in url)
        window.open(f"{self.person.home}/alerts?view=all&organisation={self.shop.id}")
        self.assertIn(other["id"], self.ids(window))
        window.open(f"{self.person.home}/alerts?enrolment={mine['id']}", status=200)
        self.assertIn("Ignored, because it cannot be read: enrolment.", window.text)

    def test_a_filter_that_cannot_be_read_is_ignored_with_a_note(self):
        self.shop.open_alerts(1)
        bad = {
            "view": "sideways", "sort": "up", "network": "amex", "merchant": "nonsense",
            "received_from": "yesterday", "page": "minus one",
        }  # fmt: skip
        for name, value in bad.items():
            with self.subTest(name):
                window = self.open_queue(self.queue + f"&{name}={value.replace(' ', '+')}"
                                         if name != "view" else
                                         self.queue.replace("view=open", f"view={value}"))  # fmt: skip
                expect(self.rows(window)).to_have_count(1)
                if name != "page":
                    self.assertIn("Ignored, because it cannot be read", window.text)
                window.close()

    def test_an_unknown_alert_is_a_helpful_404(self):
        window = self.open_queue()
        other = self.stage.neighbour.waiting()[0]
        for alert, account in (
            ("nonsense", self.person), ("netalrt_1ChHP19NX88tm5CA34SLMZ", self.person),
            (other, self.stage.people["admin"]),
        ):  # fmt: skip
            with self.subTest(alert):
                window = self.window(account)
                window.open(f"{account.home}/alerts/{alert}", status=404)
                self.assertIn("There is no such alert in this account.", window.text)


class WithoutScriptTest(QueueCase):
    def test_an_alert_is_decided_through_the_confirmation(self):
        (alert, other) = self.shop.open_alerts(2)
        window = self.open_queue(javascript=False)
        window.page.locator(f"input[value={alert['id']}]").check()
        window.page.get_by_role("button", name="Accept the dispute…").click()
        self.assertIn("a chargeback may follow", window.text)
        window.page.get_by_role("button", name="Yes, accept the dispute").click()
        self.assertIn("Alerts decided: 1.", window.text)
        self.assertEqual(self.outcome_of(alert["id"]), "NOT_REFUNDED")
        self.assertEqual(self.shop.waiting(), [other["id"]])

    def test_nothing_chosen_is_told(self):
        self.shop.open_alerts(1)
        window = self.open_queue(javascript=False)
        window.page.get_by_role("button", name="Refund…").click()
        self.assertIn("Nothing was chosen.", window.text)

    def test_an_alert_is_decided_on_its_own_page_and_a_note_is_kept(self):
        (alert,) = self.shop.open_alerts(1)
        path = f"{self.person.home}/alerts/{alert['id']}"
        window = self.open_queue(path, javascript=False)
        window.page.fill("textarea[name=note]", "Called the customer.\n<b>Twice</b>.")
        window.page.get_by_role("button", name="Save the note").click()
        self.assertIn("The note has been saved.", window.text)
        self.assertEqual(
            self.shop.alert(alert["id"])["note"].replace("\r", ""),
            "Called the customer.\n<b>Twice</b>.",
        )
        window.page.get_by_role("button", name="Refund…").click()
        window.page.get_by_role("button", name="Yes, refunded").click()
        window.open(path)
        self.assertEqual(self.outcome_of(alert["id"]), "REFUNDED")
        self.assertIn(self.person.name, window.page.locator(".history").inner_text())


class NoteTest(QueueCase):
    def test_a_note_that_somebody_changed_meanwhile_is_shown_beside_ones_own(self):
        (alert,) = self.shop.open_alerts(1)
        path = f"{self.person.home}/alerts/{alert['id']}"
        mine, theirs = self.open_queue(path), self.open_queue(path, person=self.stage.operator)
        for window, text in ((theirs, "Theirs, first."), (mine, "Mine, too late.")):
            window.page.fill("textarea[name=note]", text)
            window.page.get_by_role("button", name="Save the note").click()
            window.page.wait_for_load_state()
        alert_box = mine.page.get_by_role("alert")
        expect(alert_box).to_contain_text("changed the note meanwhile")
        expect(alert_box).to_contain_text("Theirs, first.")
        self.assertIn(self.stage.operator.name, alert_box.inner_text())
        self.assertEqual(mine.page.input_value("textarea[name=note]"), "Mine, too late.")
        self.assertEqual(self.shop.alert(alert["id"])["note"], "Theirs, first.")
        mine.page.get_by_role("button", name="Save mine").click()
        expect(mine.page.get_by_role("status").first).to_contain_text("The note has been saved.")
        self.assertEqual(self.shop.alert(alert["id"])["note"], "Mine, too late.")


class SaleTest(QueueCase):
    """The sale of an alert, chosen by hand on its page."""

    def linked(self, alert: dict) -> str | None:
        return self.shop.alert(alert["id"])["integration_transaction_id"]

    def path_of(self, alert: dict) -> str:
        return f"{self.person.home}/alerts/{alert['id']}"

    def test_a_sale_is_looked_up_compared_confirmed_and_set(self):
        (sale,) = self.shop.sell()
        for javascript in (True, False):
            with self.subTest(javascript=javascript):
                alert = self.shop.strange_alert()
                window = self.open_queue(self.path_of(alert), javascript=javascript)
                window.page.fill("input[name=q]", "nothing-of-the-kind")
                window.page.get_by_role("button", name="Look it up…").click()
                self.assertIn("no such order or transaction", window.text)
                self.assertEqual(window.page.input_value("input[name=q]"), "nothing-of-the-kind")
                window.page.fill("input[name=q]", sale.reference)
                window.page.get_by_role("button", name="Look it up…").click()
                window.page.get_by_role("link", name="This is the sale…").click()
                self.assertIn("What follows", window.text)
                self.assertIn("waits for your decision", window.text)
                if javascript:
                    self.assertEqual(problems_of(window), [])
                window.page.get_by_role("button", name="Yes, this is the sale").click()
                self.assertIn("The sale has been set.", window.text)
                self.assertIn("A person set it to transaction", window.text)
                history = window.page.locator(".history").inner_text()
                self.assertIn("by hand", history)
                self.assertIn(self.person.name, history)
                self.assertIsNotNone(self.linked(alert))
                window.open(f"{self.person.home}/audit?subject={alert['id']}")
                self.assertIn("alert.match", window.text)

    def test_a_sale_that_came_into_question_is_chosen_with_its_button(self):
        (sale,) = self.shop.sell()
        twin = Sale(sale.descriptor, f"{sale.reference}-twin", sale.sold_at, sale.last4)
        order = twin.order(self.shop.world)
        self.shop.price(order, self.shop.amount_of(sale))
        self.api.must(201, "POST", "/v1/orders", [order])
        alert = self.shop.alert_about(sale, transaction_authorisation_code=None)
        window = self.open_queue(self.path_of(alert))
        self.assertIn("Several sales fit equally well", window.text)
        choose = window.page.get_by_role("link", name=f"This is the sale… {twin.transaction_id}")
        choose.click()
        window.page.get_by_role("link", name="No, back").click()
        self.assertIsNone(self.linked(alert))
        choose.click()
        window.page.get_by_role("button", name="Yes, this is the sale").click()
        self.assertIn("The sale has been set.", window.text)
        self.assertEqual(self.linked(alert), twin.transaction_id)

    def test_of_two_who_choose_at_once_one_wins_and_the_other_reads_who_it_was(self):
        (sale,) = self.shop.sell()
        alert = self.shop.strange_alert()
        path = self.path_of(alert)
        mine, theirs = self.open_queue(f"{path}/match?none=yes"), self.open_queue(
            f"{path}/match?q={sale.reference}", person=self.stage.operator)  # fmt: skip
        theirs.page.get_by_role("link", name="This is the sale…").click()
        theirs.page.get_by_role("button", name="Yes, this is the sale").click()
        self.assertIn("The sale has been set.", theirs.text)
        mine.page.get_by_role("button", name="Yes, no known sale is right").click()
        box = mine.page.get_by_role("alert")
        expect(box).to_contain_text("somebody was quicker")
        expect(box).to_contain_text(self.stage.operator.name)
        self.assertEqual(problems_of(mine), [])
        self.assertIsNotNone(self.linked(alert))
        mine.page.get_by_role("button", name="Yes, no known sale is right").click()
        self.assertIn("Set to none of the known sales.", mine.text)
        self.assertIsNone(self.linked(alert))

    def test_in_strict_mode_no_sale_makes_the_alert_invalid_and_says_so_before(self):
        words = ("organisation", "settings", self.shop.id, "--set", "matching_mode=strict")
        self.stage.server.command(*words)
        alert = self.shop.strange_alert()
        window = self.open_queue(self.path_of(alert))
        window.page.get_by_role("link", name="No known sale is right…").click()
        self.assertIn("The alert becomes INVALID", window.text)
        window.page.get_by_role("button", name="Yes, no known sale is right").click()
        self.assertEqual(self.shop.alert(alert["id"])["status"], "INVALID")
        self.assertIn("it has been taken back", window.text)
        self.assertNotIn("a person found no such sale", window.text)
        seen = self.open_queue(self.path_of(alert), person=self.stage.operator)
        self.assertIn("a person found no such sale", seen.text)
