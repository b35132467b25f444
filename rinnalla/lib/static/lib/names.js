/**
 * Words that may be a person's name, for the warning in `guard.js`.
 *
 * Short lists made by hand of given names and family names common in Finland. They are
 * a net with wide meshes: they help the writer notice, they prove nothing. The server
 * reads its lists out of this file (rinnalla/lib/names.py). Given names that are also
 * everyday words warn only beside another name.
 */

export const GIVEN_NAMES = words(`
aada aapo aarne aaro aatos abdi abdullah adam ahmed ahti aila aimo aino aki
akseli aku alex alexander alexandra alina amanda amina anders andreas anita anja
anna anneli anni annika annikki annukka anssi antero anton antti anu ari arja
armas arto arttu aulis aune axel birgitta bo camilla carita carl christer
christian christina daniel eemil eerik eero eetu eeva eevi eija eila eino eira
elena elias elina elisa elisabet ella elli elma elmeri elsa elsi emil emilia
emma emmi ensio erik erja erkki esa esko essi eva fanni fatima fredrik gunilla
gunnar göran hamza hanna hannele hannes hannu harri hassan heidi heikki heimo
heini helena helga heli helvi henna henri henrik henry hilkka hillevi hussein
iida iina iiris iiro ilkka ilmari ilona ilpo inga inkeri irene irina iris irja
irma isak ismail isto ivan jaakko jaana jalmari jan jani janina janne jari
jarkko jarmo jasmin jenna jenni jere jesse joakim joel johan johanna johannes
jonas joni jonna joona joonas jorma jouko jouni juha juhana juhani juho jukka
julia juliana jussi justiina juuso jyri jyrki kaarina kaarlo kaija kaisa kaisu
kalevi kalle karin karl karoliina kasper kasperi katariina kati katja katri
katriina keijo kenneth kerttu kimmo kirsi kirsti klaus konsta krista kristian
kristiina kyllikki kyösti laila lari lars lasse laura lauri leena leevi leila
lenni leo liisa linda linnea lotta luka lukas maarika maarit magnus maija maire
maj margareta margit mari maria marianne mariia marika marita maritta marjatta
marjo marjut markku marko markus marten martta martti mathias matias mats matti
meeri mehmet merja mia michael miia mika mikael mikko milja milla minna mira
mirja mirjami mirka mohamed mohammed monika muhammad mustafa nadia nanna natalia
nea nella nelli niilo niina niklas niko noora nora olavi olga oliver olivia olli
omar oona oskar oskari osmo ossi otto outi paavo paula pauli pauliina pekka
pentti pertti perttu peter petra petri petteri piia pirjo pirkka pirkko päivi
päivikki raija raili raimo raisa reetta reija reijo reino riikka riina risto
ritva roope rosa saana saara sakari salla salme sami samu samuel samuli sandra
sanna sanni santeri sara sari sauli sebastian seija senja seppo sergei signe
sinikka sirkka sirpa sofia soile sonja stefan sten susanna susanne svetlana
taina tanja tapani tapio tarja tatjana tea teemu teija teppo terhi tero terttu
thomas tiia tiina timo tina toini tomi tommi toni topi topias torsten tuija
tuomas tuomo tuula tuulia tuulikki tytti tyyne ulla unto urpo ursula vadim
valtteri veera veijo veikka veikko veli venla vesa viivi vilho vili viljami
viljo ville vilma virpi vladimir väinö ylva yrjö yusuf åke åsa`);

export const NAMES_THAT_ARE_WORDS = words(`
aamu aarre ali armi arvo asta auli aura helmi hely hilla ilo ilta impi into
kaino kari kauko kielo kirsikka lahja lauha lempi lilja lumi malin marja meri
minttu oiva onni orvokki otso per pia pilvi raita rauha rauno runo sampo satu
sini sisu suvi säde taika taimi taisto tarmo taru toivo tuuli tähti urho usko
vappu varpu vieno vilja voitto`);

export const FAMILY_NAMES = words(`
ahonen andersson bäckström eriksson eskelinen gustafsson hakala heikkilä
heikkinen heinonen hiltunen hirvonen holmberg huttunen hyvönen hämäläinen ikonen
johansson jokinen järvinen jääskeläinen kallio karjalainen karlsson kettunen
kinnunen kokkonen korhonen koskinen kärkkäinen laaksonen lahtinen laine laitinen
lehtinen lehtonen leppänen lindberg lindholm lindström manninen mattila
miettinen mustonen mäkelä mäkinen mäkipää niemi nieminen nurmi nykänen nyman
nyström ojala partanen parviainen peltonen pesonen pitkänen pulkkinen rantanen
rissanen räsänen saarinen salminen salo salonen savolainen seppälä sundström
toivonen tuominen turunen virtanen väisänen`);

/** @param {string} text */
function words(text) {
  return new Set(text.trim().split(/\s+/));
}
