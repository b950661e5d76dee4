"""Several models: choosing one for a thread, asking another again, and a second opinion."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.caller import Caller
from tests.browser.office import Office, office
from tests.browser.screen import Screen
from tests.browser.window import sign_in

MODELS = (
    {"name": "Quick", "model": "quick-1", "strength": "fast"},
    {"name": "Careful", "model": "careful-1", "strength": "strong"},
)


@pytest.fixture(scope="module")
def models_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The demo with two models."""
    options = [f"--GroupChat.models={model}" for model in MODELS]
    with office(tmp_path_factory.mktemp("models"), *options) as running:
        yield running


@pytest.fixture
def two(browser: Browser, models_office: Office) -> Iterator[tuple[Screen, Screen]]:
    """Ana and Ben, each in an empty JupyterLab."""
    screens = [
        sign_in(browser, models_office, name, f"{models_office.url}lab/workspaces/{name.lower()}-models")
        for name in ("Ana", "Ben")
    ]
    for screen in screens:
        screen.show()
    yield screens[0], screens[1]
    for screen in screens:
        screen.page.context.close()


def replies(screen: Screen) -> Locator:
    """The assistant's messages."""
    return screen.messages.locator("article.gc-mod-assistant")


def set_model(screen: Screen, now: str, then: str) -> None:
    """Choose the thread's model."""
    screen.button(f"Model: {now}").click()
    screen.page.get_by_role("menuitemradio", name=re.compile(f"^{then}")).click()


def test_another_model_is_chosen_and_asked_for_a_second_opinion(
    two: tuple[Screen, Screen], models_office: Office
) -> None:
    """both see which model answers and why; the second opinion stands beside the first, and does not see it"""
    ana, ben = two
    endpoint = models_office.model
    endpoint.will_answer("is it done", "Quick says yes.", model="quick-1")
    endpoint.will_answer("why did churn rise", "Careful thinks of the price.", model="careful-1")
    opinion = endpoint.will_answer("why did churn rise", "Quick says", "chance.", model="quick-1")
    Caller(models_office, "Ana").thread("Two models", Caller(models_office, "Ben"))
    for screen in two:
        screen.open_thread("Two models")
        expect(screen.button("Model: Quick")).to_be_visible()

    set_model(ana, "Quick", "By question")
    for screen in two:
        expect(screen.button("Model: By question")).to_be_visible()
        expect(screen.messages).to_contain_text("Ana let the question decide which model answers.")
    ana.say("@assistant is it done?")
    for screen in two:
        expect(replies(screen)).to_contain_text(["Quick says yes."])
        expect(replies(screen)).to_contain_text([re.compile("Quick.*fast: a short question")])
    ben.say("@assistant why did churn rise in June?")
    for screen in two:
        expect(replies(screen).last).to_contain_text("Careful thinks of the price.")
        expect(replies(screen).last).to_contain_text("strong: something to think through")

    replies(ben).last.hover()
    ben.choose("Ask another model", "Second opinion from Quick")
    for screen in two:
        pair = screen.messages.get_by_role("group", name="Answers of several models").get_by_role("article")
        expect(pair).to_have_count(2)
        expect(pair.first).to_contain_text("Careful thinks of the price.")
        expect(pair.last).to_contain_text("Second opinion · Quick")
        expect(pair.last).to_have_attribute("aria-busy", "true")
    expect(ana.messages).to_contain_text("Ben asked for a second opinion from Quick")
    expect(ben.messages).to_contain_text("You asked for a second opinion from Quick")
    opinion.go_on.set()
    for screen in two:
        pair = screen.messages.get_by_role("group", name="Answers of several models").get_by_role("article")
        expect(pair.last).to_contain_text("Quick says chance.")
        side_by_side(screen)
    [sent] = [body for body in endpoint.requests if body["model"] == "quick-1" and "why did churn rise" in str(body)]
    assert "Careful thinks" not in str(sent)


def side_by_side(screen: Screen) -> None:
    """In a wide panel the two are in columns, in a narrow one below each other."""
    for width, in_columns in ((700, True), (420, False), (260, False)):
        screen.set_width(width)
        screen.page.wait_for_function(
            """inColumns => {
                const pair = document.querySelectorAll('#groupchat-panel .gc-Beside > article');
                const [first, second] = [...pair].map(each => each.getBoundingClientRect());
                const meet = (one, other) => Math.abs(one - other) < 1;
                return inColumns
                    ? meet(first.right, second.left) && meet(first.top, second.top)
                    : meet(first.left, second.left) && meet(first.bottom, second.top);
            }""",
            arg=in_columns,
        )


def test_a_reply_is_asked_for_again_from_another_model(two: tuple[Screen, Screen], models_office: Office) -> None:
    """from the small menu beside Ask again; the thread stays with its model, and who reviews cannot change it"""
    ana, ben = two
    endpoint = models_office.model
    endpoint.will_answer("count to", "one", endless=True, model="quick-1")
    # What it is asked about is further back than the endpoint looks.
    endpoint.will_answer("asks you", "Careful counts.", model="careful-1")
    Caller(models_office, "Ana").thread("Again", Caller(models_office, "Ben"), role="reviewer")
    for screen in two:
        screen.open_thread("Again")
    ana.say("@assistant count to ten")
    ben.button("Stop", within=ben.reply).click()
    expect(ana.reply).to_contain_text("Stopped")
    ana.button("Choose a model to ask again", within=ana.reply).click()
    ana.page.get_by_role("menuitem", name="Careful").click()
    for screen in two:
        expect(screen.reply).to_contain_text("Careful counts.")
        expect(screen.button("Model: Quick")).to_be_visible()
    ben.button("Model: Quick").click()
    expect(ben.page.get_by_role("menuitemradio", name=re.compile("^Careful"))).to_have_attribute(
        "aria-disabled", "true"
    )
    ben.page.keyboard.press("Escape")
