"""What the site cards say: why one goes, with what, what to bear in mind."""

# kind: (why, resources, special features)
CARDS = {
    "day_centre": (
        "Kävijöissä on paljon ihmisiä, joita palvelut eivät muuten tavoita. "
        "Sama kasvo samaan aikaan tekee puhumisesta helppoa.",
        "Yksi työntekijä riittää. Päiväkeskuksesta saa parin, jos tilanne vaatii.",
        "Pieni tuttu porukka. Asunnottomuus ja kadun kuulumiset tulevat täällä ensin "
        "esiin: kirjaa ilmiöt, ei ihmisiä.",
    ),
    "food_distribution": (
        "Kerralla kohdataan paljon ihmisiä. Jakajilla ei aina ole aikaa eikä taitoa "
        "neuvoa etuuksissa ja palveluissa.",
        "Kaksi työntekijää, mieluiten aina samat. Autossa voi jutella rauhassa.",
        "Kaikki jonossa eivät halua tulla kohdatuksi. Tervehdi, anna tilaa, palaa "
        "seuraavalla kerralla. Loppukuussa jono on pisin.",
    ),
    "food_card_event": (
        "Pienellä paikkakunnalla tämä on ainoa hetki, jolloin moni näkee työntekijän.",
        "Kaksi työntekijää ja auto. Matka on pitkä, varaa puoli päivää.",
        "Kaikki tuntevat toisensa. Jututa kauempana jonosta, älä kysy asioita ääneen.",
    ),
    "street": (
        "Kadulla tavataan ihmisiä, jotka hyötyisivät ohjauksesta mutta eivät hae sitä.",
        "Kaksi työntekijää, toinen voi olla kumppanilta tai kokemusasiantuntija.",
        "Ollaan toisten olohuoneessa. Päihteitä käytetään: pysy rauhallisena ja lähde, "
        "jos siltä tuntuu.",
    ),
    "park": (
        "Kesällä väki siirtyy puistoon, ja me siirrymme mukana.",
        "Kaksi työntekijää, vettä ja evästä jaettavaksi.",
        "Porukka vaihtuu nopeasti. Esittele itsesi joka kerta.",
    ),
    "event": (
        "Työ tulee tutuksi ja kynnys tulla juttelemaan madaltuu.",
        "Kaksi tai kolme työntekijää, esitteitä ja jotakin pientä annettavaa.",
        "Enimmäkseen lyhyitä juttuhetkiä. Ota ylös vain ne, joita ohjasit.",
    ),
    "shopping_centre": (
        "Ihmiset ovat täällä muutenkin. Penkillä on helppo aloittaa puhe.",
        "Kaksi työntekijää. Vartijat ja kioskin väki auttavat löytämään.",
        "Puhu hiljaa: ohikulkijoita on paljon.",
    ),
    "library": (
        "Kirjastossa käyvät nekin, jotka eivät asioi virastossa eivätkä verkossa.",
        "Yksi työntekijä ja kannettava. Henkilökunta ohjaa luokse.",
        "Digiasioita kysytään eniten. Varaa aikaa yhteen asiaan kerrallaan.",
    ),
    "residents_space": (
        "Naapurit tulevat puurolle ja jäävät juttelemaan.",
        "Yksi työntekijä. Talon ohjaaja on paikalla.",
        "Yksinäisyydestä puhutaan, kun ei kysytä siitä. Ole ensin vain mukana.",
    ),
    "housing_unit": (
        "Asukkaiden asiat kasautuvat helposti, ja apu on lähempänä kuin luullaan.",
        "Kaksi työntekijää. Yksikön ohjaaja on talossa.",
        "Käytävällä ei jutella asioista. Keittiö on rauhallisin.",
    ),
    "health_counselling": (
        "Neuvontapisteessä luottamus on valmiina, ja samalla voi hoitaa muutakin.",
        "Kaksi työntekijää hoitajan rinnalla.",
        "Täällä asioidaan nimettä. Kysy vain se, minkä tarvitset auttaaksesi.",
    ),
    "health_centre": (
        "Moni tulee vastaanotolle asian takia, joka ei ole lääkärin asia.",
        "Yksi työntekijä. Infopiste ohjaa luokse.",
        "Odottava ihminen on usein huolissaan: aloita kahvista.",
    ),
    "home": (
        "Joku on huolissaan ihmisestä, joka ei lähde kotoa.",
        "Aina kaksi työntekijää ja auto.",
        "Ovi voi jäädä kiinni. Kortti luukusta ja uusi käynti viikon päästä.",
    ),
    "online": (
        "Osa kirjoittaa helpommin kuin puhuu.",
        "Yksi työntekijä koneella, toinen tavoitettavissa.",
        "Vastaa lyhyesti. Nimeä ei kysytä.",
    ),
    "parish_office": (
        "Ruokapöydän ääressä tavataan samat ihmiset viikosta toiseen.",
        "Diakoniatyöntekijä ja vapaaehtoinen.",
        "Seurakunnan omaa työtä. Me kuulemme, mitä pöydässä puhutaan.",
    ),
    "other_premises": (
        "Talossa on monta palvelua, mutta kukaan ei neuvo niiden väliin jäävää.",
        "Kaksi työntekijää.",
        "Hiljainen paikka: mene silti, säännöllisyys tuo ihmiset.",
    ),
}

# Sentences a worker might write of a place, naming nobody.
OBSERVATIONS = {
    "food": (
        "Jono alkoi jo tuntia ennen jakoa. Osa lähti ennen omaa vuoroaan.",
        "Kasseja oli vähemmän kuin ihmisiä. Viimeiset jäivät ilman.",
        "Lapsiperheitä on jonossa enemmän kuin keväällä.",
        "Moni kysyi, miksi toimeentulotuen päätös kestää.",
        "Uusia kasvoja, useampi kertoi työn loppuneen.",
        "Eläkeläiset vertailevat ruoan hintoja ja jättävät lääkkeitä ostamatta.",
        "Jakajat pyysivät meitä käymään useammin.",
        "Jonossa on hiljaista, tervehdykseen vastataan jo.",
        "Kortti otetaan mieluummin kuin esite.",
        "Opiskelijoita on tullut mukaan jonoon.",
        "Sade lyhensi jonoa, katosta toivotaan.",
        "Kuulimme, että sähkölasku jää usein maksamatta.",
        "Moni käy kahdessa jaossa samana päivänä.",
        "Kiitosta siitä, että joku kysyy kuulumisia.",
    ),
    "outdoors": (
        "Porrashuoneissa nukutaan, koska puistosta häädetään illalla.",
        "Rauhallinen ilta, tutut porukat siirtyneet rantaan.",
        "Liikkeellä on ainetta, jota kukaan ei tunnista. Neuvontapiste tietää.",
        "Penkit on viety pois, porukka seisoo nyt kaupan edessä.",
        "Nuoret kysyivät, mistä saa ajan ilman pankkitunnuksia.",
        "Vartija kertoi, että yöllä on ollut levotonta.",
        "Puhelimia ladataan kirjastossa, koska muualla ei voi.",
        "Vettä ja evästä otettiin vastaan, juttua riitti.",
        "Uusia kasvoja torilla, moni tullut muualta.",
        "Hätämajoituksesta puhutaan huonoa, sinne ei uskalleta.",
        "Kioskin väki auttaa ja ohjaa luoksemme.",
    ),
    "indoors": (
        "Pankkitunnusten puuttuminen pysäyttää asian toisensa jälkeen.",
        "Puhelinpalvelun jono on pitkä ja liittymä loppuu kesken.",
        "Moni on saanut kirjeen, jota ei ymmärrä.",
        "Vuokra nousi taas, häätöä pelätään.",
        "Kahvipöydässä kehuttiin uutta asumisneuvojaa.",
        "Palvelupiste muutti, eikä uutta paikkaa löydetä.",
        "Yksi sanoi tulevansa vain siksi, että täällä ei tarvitse todistaa mitään.",
        "Lomakkeen sanat ovat vaikeita, niitä luettiin yhdessä.",
        "Ajanvaraus onnistuu vain verkossa, moni jättää varaamatta.",
        "Pöydän ääressä puhuttiin yksinäisistä viikonlopuista.",
        "Samaa asiaa on selvitetty jo kolmessa paikassa.",
        "Ulosotosta kysyttiin tavallista enemmän.",
        "Lämpimässä viivytään pidempään kuin ennen.",
    ),
    "home": (
        "Posti oli avaamatta kuukausien ajalta.",
        "Kotoa ei lähdetä, koska hississä pelätään naapureita.",
        "Tavaraa on paljon, palovaroitin puuttui.",
        "Ovi avattiin vasta toisella käynnillä.",
        "Apua oli pyydetty, mutta kukaan ei ollut palannut asiaan.",
        "Kuljetus terveysasemalle on yhtenä päivänä viikossa.",
    ),
}
