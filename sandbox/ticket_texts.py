"""What people write to the service desk. Kinds: complaint, leaving, question, optout, delivery."""

from __future__ import annotations

KINDS = ["complaint", "leaving", "question", "optout", "delivery"]
COMPLAINT, LEAVING, QUESTION, OPTOUT, DELIVERY = range(5)

# (language, subject, body); {product} and {order} are filled in.
TEXTS: dict[int, list[tuple[str, str, str]]] = {
    COMPLAINT: [
        (
            "en",
            "Broken on arrival",
            "The {product} from order {order} arrived broken. This is really disappointing, please sort it out.",
        ),
        (
            "en",
            "Very unhappy",
            "I am very unhappy with the {product}. It stopped working after two days and nobody answers the phone.",
        ),
        (
            "en",
            "Wrong item!!",
            "You sent me the wrong item. I ordered the {product} and got something else. Unacceptable.",
        ),
        (
            "en",
            "Poor quality",
            "Honestly the quality of the {product} is terrible for that price. I want my money back.",
        ),
        (
            "en",
            "Third time I write",
            "this is the third time im writing about order {order}. no reply at all. what is going on??",
        ),
        (
            "en",
            "Rude staff",
            "The person at your till was rude when I tried to return the {product}. I wish to make a complaint.",
        ),
        (
            "en",
            "Refund still missing",
            "It has been weeks and the refund for {order} is still not on my account. This is awful service.",
        ),
        (
            "en",
            "Parts missing",
            "Half of the parts for the {product} were missing and the manual too. Please send them or take it back.",
        ),
        (
            "de",
            "Beschwerde",
            "Die Lieferung {order} kam beschädigt an. Ich bin sehr enttäuscht und möchte mein Geld zurück.",
        ),
        (
            "de",
            "Defekt nach einer Woche",
            "Der Artikel {product} ist nach einer Woche kaputt. Das ist eine Frechheit.",
        ),
        (
            "de",
            "Falscher Artikel",
            "Ich habe {product} bestellt und etwas anderes bekommen. Bitte kümmern Sie sich darum.",
        ),
    ],
    LEAVING: [
        (
            "en",
            "Closing my account",
            "After this experience I am closing my account. I will not be ordering from you again.",
        ),
        ("en", "I'm done", "That's it, I'm done with your shop. Your competitors manage to deliver on time."),
        ("en", "Last order", "Order {order} was my last order with you. I am taking my business elsewhere."),
        ("en", "Cancel membership", "Please cancel my loyalty membership. I don't shop here any more."),
        ("en", "Goodbye", "so many problems lately. thinking about switching to another store for good"),
        ("en", "Account", "How do I delete my account? I no longer want to be a customer."),
        (
            "de",
            "Kündigung",
            "Ich möchte mein Kundenkonto kündigen. Ich werde nicht mehr bei Ihnen bestellen.",
        ),
        ("de", "Letzte Bestellung", "Das war meine letzte Bestellung bei Ihnen. Ich gehe zur Konkurrenz."),
    ],
    QUESTION: [
        (
            "en",
            "Question about the {product}",
            "Hi, does the {product} come in a larger size? I would like to buy it as a gift.",
        ),
        (
            "en",
            "Is it back soon?",
            "Hello, when will the {product} be back in stock? I'm interested in two of them.",
        ),
        ("en", "Washing", "Can the {product} go in the dishwasher or washing machine? Thanks!"),
        (
            "en",
            "Compatibility",
            "Would the {product} work with what I bought last month? Thinking of getting one.",
        ),
        ("en", "Store stock", "Do you have the {product} in the store near me, or only online?"),
        ("en", "Warranty", "How long is the warranty on the {product}? Considering it for my parents."),
        ("en", "Colours", "I love the {product}, which other colours are there?"),
        ("en", "Gift wrap", "Is gift wrapping possible for the {product}? It is for a birthday on Saturday."),
        (
            "de",
            "Frage zum Produkt",
            "Guten Tag, gibt es {product} auch in einer anderen Farbe? Ich würde es gern kaufen.",
        ),
        ("de", "Lieferzeit", "Wie lange dauert die Lieferung für {product}? Ich habe Interesse daran."),
    ],
    OPTOUT: [
        ("en", "Stop", "Please stop sending me marketing emails."),
        ("en", "Unsubscribe", "unsubscribe me from everything please"),
        (
            "en",
            "Too many messages",
            "I get messages from you every single day. Take me off your mailing list.",
        ),
        ("en", "No more texts", "Stop texting me. I never asked for this."),
        (
            "en",
            "Privacy",
            "I do not want to receive advertising any more, by post or by mail. Please remove me from your lists.",
        ),
        (
            "en",
            "Leave me alone",
            "I have tried to unsubscribe twice. No more emails, no more texts, no more letters.",
        ),
        ("de", "Abmelden", "Bitte keine Werbung mehr. Melden Sie mich vom Newsletter ab."),
        ("de", "Werbewiderspruch", "Hiermit widerspreche ich der Nutzung meiner Daten für Werbung."),
    ],
    DELIVERY: [
        ("en", "Where is my order?", "Hi, where is order {order}? Tracking has not moved since Monday."),
        ("en", "Change address", "Can I still change the delivery address for {order}?"),
        ("en", "Invoice", "Could you send me the invoice for {order}, please?"),
        ("en", "Late parcel", "My parcel {order} was due yesterday, can you check?"),
        ("en", "Return label", "I would like to return the {product}. Can you send a label?"),
        ("en", "Pick-up", "May my neighbour pick up order {order} in the store?"),
        ("de", "Wo ist mein Paket?", "Guten Tag, wo bleibt meine Bestellung {order}?"),
        ("de", "Rechnung", "Bitte schicken Sie mir die Rechnung zu {order}."),
    ],
}

GOOD_COMMENTS = [
    "Quick and friendly.",
    "Thanks, all good!",
    "Solved in one go.",
    "Super Service, danke.",
    None,
    None,
]
BAD_COMMENTS = [
    "Took far too long.",
    "Still not solved.",
    "Nobody read what I wrote.",
    "Bad service, I am disappointed.",
    "Leider gar nicht zufrieden.",
    None,
]
