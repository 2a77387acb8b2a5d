/** Two words that say nothing about a person: an adjective and an animal. */
const adjectives =
  `able agile alert amber ample azure bold brave breezy bright brisk bronze calm candid cheery chill civic clear clever cobalt
  coral cosmic cosy crisp daring deft dapper eager early earnest easy emerald epic fair fancy fast fearless fine fleet fluent fond frank
  fresh gentle glad golden grand green handy happy hardy hasty hazel humble indigo ivory jade jolly jovial keen kind lively loyal lucid
  lucky lunar magenta mellow merry mighty mild misty modest neat nifty nimble noble olive opal open orange patient pearl peppy placid
  plucky polite prime proud prompt quick quiet rapid ready regal robust rosy royal ruby rustic sage sandy scarlet serene sharp shiny
  silent silver sleek smart smooth snappy snowy solar solid spry stable steady stellar sturdy sunny super swift tidy topaz tranquil
  trusty upbeat urban valiant vast velvet vivid warm wise witty zany zesty`.split(/\s+/);

const animals =
  `albatross alpaca antelope armadillo badger bat bear beaver bison bobcat buffalo camel capybara caribou cat cheetah
  chinchilla chipmunk cobra cod condor cougar coyote crab crane cricket crow deer dingo dolphin donkey dove dragonfly duck eagle
  echidna eel egret elephant elk emu falcon ferret finch firefly flamingo fox frog gazelle gecko gibbon giraffe gnu goat goose gopher
  grouse gull hamster hare hawk hedgehog heron hippo hornet horse hyena ibex ibis iguana impala jackal jaguar jay kangaroo kestrel
  kiwi koala kudu lark lemming lemur leopard lion lizard llama lobster loon lynx macaw magpie mallard manatee marmot marten meerkat
  mink mole mongoose moose moth mouse mule narwhal newt ocelot octopus okapi opossum orca oriole osprey ostrich otter owl ox oyster
  panda panther parrot peacock pelican penguin pheasant pigeon pika platypus pony porcupine puffin puma quail quokka rabbit raccoon
  ram raven reindeer robin salmon sandpiper seal serval shark sheep shrew skunk sloth sparrow squid squirrel starling stingray stoat
  stork swallow swan tapir tern thrush tiger toucan trout turtle viper vole vulture wallaby walrus warbler weasel whale wolf
  wolverine wombat woodpecker wren yak zebra`.split(/\s+/);

export const pseudonymCount = adjectives.length * animals.length;

/** The pseudonym of a number from 0 to `pseudonymCount - 1`, such as *Brave Otter*; chosen at random, so never in roster order. */
export function pseudonymAt(index: number): string {
  const adjective = adjectives[Math.floor(index / animals.length)];
  const animal = animals[index % animals.length];
  if (adjective === undefined || animal === undefined) throw new Error(`no pseudonym has the number ${index}`);
  return `${capital(adjective)} ${capital(animal)}`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
